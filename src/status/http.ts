import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { HybridgridError } from '../base/errors.ts'
import {
  ENTRY_TRANSFER_MAX_MS,
  HTTP_CONNECTIONS_MAX,
  HTTP_KEPT_MS,
  HTTP_REQUEST_MS,
  HTTP_STALLED_MS,
} from '../base/limits.ts'
import type { StatusPath } from '../protocols/status.ts'
import type { MeshPage } from './forward.ts'

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

/**
 * Serves the status pages and what else is given to it. A taken port is not an error: then the system chooses one. What makes
 * the pages is loaded for the first request: most nodes get none.
 */
export async function startStatusServer(
  components: StatusServerComponents,
  { host, port }: StatusServerInit,
): Promise<RunningStatusServer> {
  const server = createServer({
    requestTimeout: ENTRY_TRANSFER_MAX_MS, // The longest that anything here takes.
    headersTimeout: HTTP_REQUEST_MS,
    keepAliveTimeout: HTTP_KEPT_MS,
  })
  server.timeout = HTTP_STALLED_MS
  server.maxConnections = HTTP_CONNECTIONS_MAX
  let app: Promise<FastifyInstance> | undefined
  server.on('request', (request, response) => {
    app ??= loadPages(components)
    app.then(
      ({ routing }) => routing(request, response),
      () => response.writeHead(500).end(),
    )
  })
  try {
    await listen(server, host, port)
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE') throw statusStartError(error, host, port)
    await listen(server, host, 0)
  }
  const address = server.address()
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve)) // Its error says that it was closed before.
      server.closeAllConnections()
      await closed
      await app?.then(
        (pages) => pages.close(),
        () => undefined, // It never was one.
      )
    },
  }
}

async function loadPages(components: StatusServerComponents): Promise<FastifyInstance> {
  const { statusPages } = await import('./http-pages.ts')
  const app = statusPages(components)
  await app.ready()
  return app
}

/** Rejects with the system's error. */
async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port })
  await once(server, 'listening')
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
