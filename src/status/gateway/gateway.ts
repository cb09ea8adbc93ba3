import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { ENTRIES_HELD_MAX_BYTES, ENTRY_MAX_BYTES } from '../../base/limits.ts'
import type { EntryName } from '../../cache/entry.ts'
import type { GatewayStore } from '../../cache/gateway-store.ts'
import { ByteBudget } from '../../scheduler/byte-budget.ts'
import { type GatewayAccess, refusal } from './admission.ts'
import { davAnswer } from './dav-answer.ts'
import { entryPath } from './entry-path.ts'
import { receiveContent } from './receive-content.ts'

export interface GatewayComponents {
  readonly entries: GatewayStore
  /** Told of each request, so that a node in use stays. */
  readonly used: () => void
}

export interface GatewayInit {
  readonly access: GatewayAccess
}

/** The cache as ccache, sccache, Bazel and their like see it: a plain HTTP store. Spec: docs/gateway.md */
export function gateway({ entries, used }: GatewayComponents, { access }: GatewayInit): FastifyPluginAsync {
  const held = new ByteBudget(ENTRIES_HELD_MAX_BYTES)

  const entryMethods: Methods<EntryName> = {
    GET: (name, _request, reply) => get(name, reply),
    HEAD: async (name, _request, reply) => {
      const found = await entries.find(name)
      return found === undefined ? nothing(reply) : bytesReply(reply).header('content-length', found.bytes).send()
    },
    PUT: put,
    DELETE: async (name, _request, reply) => ((await entries.remove(name)) ? reply.code(204).send() : nothing(reply)),
    PROPFIND: async (name, _request, reply) => {
      const found = await entries.find(name)
      return found === undefined ? nothing(reply) : davReply(reply).send(davAnswer(name.path, found))
    },
  }

  async function get(name: EntryName, reply: FastifyReply): Promise<FastifyReply> {
    const found = await entries.find(name)
    if (found === undefined) return nothing(reply)
    if (!hold(found.bytes, reply)) return busy(reply)
    const bytes = await found.read()
    return bytes === undefined ? nothing(reply) : bytesReply(reply).send(bytes)
  }

  async function put(name: EntryName, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const length = lengthOf(request)
    if (length === undefined) return refuse(reply, 411, 'say how long the entry is: Content-Length')
    if (length > ENTRY_MAX_BYTES) return refuse(reply, 413, `an entry has at most ${ENTRY_MAX_BYTES} bytes`)
    if (!hold(length, reply)) return busy(reply)
    const content = await receiveContent(request.raw, length)
    if (content === undefined) return refuse(reply, 400, 'the entry is not as long as was said')
    if (name.digest !== undefined && name.digest !== content.digest) {
      return refuse(reply, 400, 'the content is another than its digest says')
    }
    if (await entries.store(name, content)) return reply.code(201).send()
    return refuse(reply, 507, 'the cache could not keep it: its disk is full, or its size limit too low')
  }

  /** Takes memory until the reply is sent, or its client gone. False when there is not so much. */
  function hold(bytes: number, reply: FastifyReply): boolean {
    const release = held.take(bytes)
    if (release !== undefined) reply.raw.once('close', release)
    return release !== undefined
  }

  return async (app) => {
    for (const method of DAV_METHODS) app.addHttpMethod(method, { hasBody: true })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _body, done) => done(null)) // Whoever wants a body reads it, within bounds.
    app.addHook('onRequest', async (request, reply) => {
      const why = refusal({ remoteAddress: request.raw.socket.remoteAddress, headers: request.headers }, access)
      if (why !== undefined) return refuse(reply.header('connection', 'close'), 403, why) // Nothing more of that one.
      used()
    })
    const answer = async (request: FastifyRequest, reply: FastifyReply) => {
      const target = entryPath(request.raw.url ?? '')
      if (target === undefined) return refuse(reply, 400, 'no entry can be called that; see docs/gateway.md')
      return target.kind === 'folder'
        ? dispatch(FOLDER_METHODS, target.path, request, reply)
        : dispatch(entryMethods, target.name, request, reply)
    }
    for (const url of ROUTES) app.all(url, { exposeHeadRoute: false }, answer)
  }
}

const ROUTES = ['/ac/*', '/cas/*', '/cache', '/cache/*']

/** What WebDAV adds to HTTP, as far as cache clients use it. */
const DAV_METHODS = ['PROPFIND', 'MKCOL']

type Methods<T> = Readonly<
  Record<string, (target: T, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>>
>

/** All folders are there, always: so a client that would make them need not. */
const FOLDER_METHODS: Methods<string> = {
  PROPFIND: async (path, _request, reply) => davReply(reply).send(davAnswer(path, 'folder')),
  MKCOL: async (_path, _request, reply) => reply.code(201).send(),
}

function dispatch<T>(methods: Methods<T>, target: T, request: FastifyRequest, reply: FastifyReply) {
  const method = methods[request.method]
  if (method !== undefined) return method(target, request, reply)
  const allow = Object.keys(methods).join(', ')
  return refuse(reply.header('allow', allow), 405, `here is only ${allow}`)
}

/** Undefined when the request does not say, or not in a way that HTTP knows. */
function lengthOf({ headers }: FastifyRequest): number | undefined {
  const told = headers['content-length']
  return told !== undefined && /^\d{1,15}$/.test(told) ? Number(told) : undefined
}

function bytesReply(reply: FastifyReply): FastifyReply {
  return reply.type('application/octet-stream')
}

function davReply(reply: FastifyReply): FastifyReply {
  return reply.code(207).type('application/xml; charset=utf-8')
}

function nothing(reply: FastifyReply): FastifyReply {
  return reply.code(404).send()
}

function busy(reply: FastifyReply): FastifyReply {
  return refuse(reply.header('retry-after', 1), 503, 'too much is on its way already')
}

/** What still comes of a body is read and thrown away: a connection that is cut would take the answer with it. */
function refuse(reply: FastifyReply, status: number, error: string): FastifyReply {
  return reply.code(status).send({ error })
}
