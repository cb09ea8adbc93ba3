import { type FastifyInstance, fastify } from 'fastify'
import { HTTP_BODY_MAX_BYTES } from '../base/limits.ts'
import { STATUS_PATHS } from '../protocols/status.ts'
import type { StatusServerComponents } from './http.ts'
import { isLocalHost, isLocalOrigin } from './local-host.ts'

/** The pages and what else is served with them, without a port. */
export function statusPages({ page, also }: StatusServerComponents): FastifyInstance {
  const app = fastify({
    bodyLimit: HTTP_BODY_MAX_BYTES,
    exposeHeadRoutes: true,
  })

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
