import { Agent, request } from 'node:http'
import type { TestContext } from 'node:test'

export interface BazelReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
}

/** Sends what Bazel sends to an HTTP cache, header by header, over one connection that is kept. */
export class BazelClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #port: number
  readonly #prefix: string

  /** `prefix`: the path in `--remote_cache=http://127.0.0.1:PORT/PREFIX`. */
  constructor(t: TestContext, port: number, prefix = '') {
    this.#port = port
    this.#prefix = prefix
    t.after(() => this.#agent.destroy())
  }

  upload(shelf: 'ac' | 'cas', hash: string, body: Uint8Array): Promise<BazelReply> {
    return this.#send('PUT', shelf, hash, body)
  }

  download(shelf: 'ac' | 'cas', hash: string): Promise<BazelReply> {
    return this.#send('GET', shelf, hash, undefined)
  }

  #send(method: string, shelf: string, hash: string, body: Uint8Array | undefined): Promise<BazelReply> {
    const headers = {
      host: `127.0.0.1:${this.#port}`,
      accept: '*/*',
      ...(body === undefined ? {} : { 'content-length': body.length }),
      connection: 'keep-alive',
      'user-agent': 'bazel/7.4.1',
    }
    const path = `${this.#prefix}/${shelf}/${hash}`
    return new Promise((resolve, reject) => {
      const sent = request(
        { agent: this.#agent, host: '127.0.0.1', port: this.#port, method, path, headers },
        (reply) => {
          const chunks: Buffer[] = []
          reply.on('data', (chunk: Buffer) => chunks.push(chunk))
          reply.once('error', reject)
          reply.once('end', () =>
            resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) }),
          )
        },
      )
      sent.once('error', reject)
      sent.end(body)
    })
  }
}
