import { type FastifyInstance, type FastifyPluginAsync, fastify } from 'fastify'
import { HybridgridError } from '../base/errors.ts'
import {
  ENTRY_TRANSFER_MAX_MS,
  HTTP_BODY_MAX_BYTES,
  HTTP_CONNECTIONS_MAX,
  HTTP_REQUEST_MS,
  HTTP_STALLED_MS,
} from '../base/limits.ts'
import { STATUS_PATHS, type StatusPath } from '../protocols/status.ts'
import type { MeshPage } from './forward.ts'
import { isLocalHost, isLocalOrigin } from './local-host.ts'

export type StatusStartFailure = { readonly code: 'STATUS_HOST_FOREIGN' } | { readonly code: 'STATUS_PORT_FORBIDDEN' }

/** The status pages cannot be served where they were wanted; the message says what to do. */
export class StatusStartError extends HybridgridError<StatusStartFailure> {}

export interface StatusServerComponents {
  /** Fetches a mesh-wide page: `meshPage` of forward.ts. */
  readonly page: (path: StatusPath) => Promise<MeshPage>
  /** What else is served on the port, each with checks of its own on top of those of the pages. */
  readonly also: readonly FastifyPluginAsync[]
}

export interface StatusServerInit {
  readonly host: string
  readonly port: number
}

/** The HTTP service while it runs. */
export interface RunningStatusServer {
  /** Differs from the wanted one when that was taken. */
  readonly port: number
  /** Safe to call twice. */
  stop(): Promise<void>
}

/** Serves the status pages and what else is given to it. A taken port is not an error: then the system chooses one. */
export async function startStatusServer(
  components: StatusServerComponents,
  { host, port }: StatusServerInit,
): Promise<RunningStatusServer> {
  const app = statusPages(components)
  try {
    await app.listen({ host, port })
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE') throw statusStartError(error, host, port)
    await app.listen({ host, port: 0 })
  }
  const address = app.server.address()
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, stop: () => app.close() }
}

/** The pages without a port, for tests. */
export function statusPages({ page, also }: StatusServerComponents): FastifyInstance {
  const app = fastify({
    bodyLimit: HTTP_BODY_MAX_BYTES,
    requestTimeout: ENTRY_TRANSFER_MAX_MS, // The longest that anything here takes.
    connectionTimeout: HTTP_STALLED_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: true,
  })
  app.server.headersTimeout = HTTP_REQUEST_MS
  app.server.maxConnections = HTTP_CONNECTIONS_MAX

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    if (!isLocalHost(request.headers.host) || !isLocalOrigin(request.headers.origin)) {
      await reply.code(403).send({ error: 'ask for this page by localhost or by an address' })
    }
  })
  app.setNotFoundHandler(({ method }, reply) =>
    method === 'GET' || method === 'HEAD'
      ? reply.code(404).send({ error: 'no such page', pages: PAGES })
      : reply.code(405).header('allow', 'GET, HEAD').send({ error: 'the pages are only read' }),
  )
  app.setErrorHandler((_error, _request, reply) => reply.code(500).send({ error: 'the page could not be made' }))

  app.get('/healthz', async () => ({ ok: true }))
  for (const path of STATUS_PATHS) {
    app.get(path, async (_request, reply) => {
      const { view, json } = await page(path)
      return reply.header('x-hybridgrid-view', view).type('application/json').send(json)
    })
  }
  for (const plugin of also) app.register(plugin)
  return app
}

const PAGES = ['/healthz', ...STATUS_PATHS]

/** Nothing here is for other sites to embed, run or keep. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** What the system says of an address that is not ours, or a port that is not for this user. */
const LISTEN_FAULTS: ReadonlyMap<string, StatusStartFailure['code']> = new Map([
  ['EADDRNOTAVAIL', 'STATUS_HOST_FOREIGN'],
  ['ENOTFOUND', 'STATUS_HOST_FOREIGN'],
  ['EAI_AGAIN', 'STATUS_HOST_FOREIGN'],
  ['EACCES', 'STATUS_PORT_FORBIDDEN'],
])

function statusStartError(cause: unknown, host: string, port: number): unknown {
  const code = LISTEN_FAULTS.get(errnoOf(cause))
  if (code === undefined) return cause
  const message = {
    STATUS_HOST_FOREIGN: `${host} is not an address of this machine\n  hint: choose another with --http-host; 0.0.0.0 is all of them`,
    STATUS_PORT_FORBIDDEN: `this user may not listen on port ${port}\n  hint: choose one above 1023 with --http-port`,
  }[code]
  return new StatusStartError({ code }, message, { cause })
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
