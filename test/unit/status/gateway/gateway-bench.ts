import type { FastifyInstance, InjectOptions } from 'fastify'
import { type GatewayStore, LocalEntries } from '../../../../src/cache/gateway-store.ts'
import type { GatewayAccess } from '../../../../src/status/gateway/admission.ts'
import { gateway } from '../../../../src/status/gateway/gateway.ts'
import { statusPages } from '../../../../src/status/http-pages.ts'
import { CacheBench, KIB } from '../../cache/cache-bench.ts'
import { fakeSignatures } from '../../cache/memory-shelf.ts'

type Answer = Awaited<ReturnType<GatewayBench['ask']>>

/** The gateway of a node over a cache in memory, asked without a network. */
export class GatewayBench {
  readonly bench: CacheBench
  readonly app: FastifyInstance
  used = 0

  private constructor(bench: CacheBench, access: GatewayAccess, entries: GatewayStore) {
    this.bench = bench
    const used = () => {
      this.used += 1
    }
    const page = async () => ({ view: 'own', json: '[]' }) as const
    this.app = statusPages({ page, also: [gateway({ entries, used }, { access })] })
  }

  static async started(access: GatewayAccess = 'loopback', maxBytes = 1024 * KIB): Promise<GatewayBench> {
    const bench = await CacheBench.started(maxBytes)
    const entries = new LocalEntries(
      { clock: bench.clock, ...bench.cache, signatures: fakeSignatures('here'), producer: 'here' },
      { maxBytes },
    )
    return new GatewayBench(bench, access, entries)
  }

  /** Over a store that the test owns. */
  static over(entries: GatewayStore): GatewayBench {
    return new GatewayBench(new CacheBench(), 'loopback', entries)
  }

  /** Async, because what `inject` returns is asked only once it is waited for. */
  async ask(method: string, url: string, options: Omit<InjectOptions, 'method' | 'url'> = {}) {
    const headers = { host: 'localhost:8080', ...options.headers }
    // Its types know the methods of browsers only.
    return this.app.inject({ ...options, method: method as 'GET', url, headers })
  }

  put(url: string, payload: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('PUT', url, { payload, headers })
  }

  /** The value at a URL; the status code where there is none. */
  async get(url: string): Promise<string | number> {
    const reply = await this.ask('GET', url)
    return reply.statusCode === 200 ? reply.rawPayload.toString() : reply.statusCode
  }
}
