import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { agentAddress, nearAgent } from '../base/agent-address.ts'
import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { LAUNCHER_KEEPALIVE_MS, LAUNCHERS_MAX } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import { encodeToLauncher, type HeardFromLauncher, LauncherFrames } from '../protocols/launcher-codec.ts'
import type { LauncherHand } from '../scheduler/launcher-hand.ts'
import { LauncherConnection } from './launcher-connection.ts'

export interface AgentServerComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly serveLauncher: (hand: LauncherHand) => Promise<void>
  /** Answers what `hg` asks; undefined for a name that is not known. */
  readonly answer: (name: string, args: unknown) => Promise<unknown>
}

export interface AgentServerInit {
  /** The state folder, which the socket lies in. */
  readonly home: string
}

/** The agent's door: launchers and `hg` come in over the local socket. */
export class AgentServer {
  readonly #components: AgentServerComponents
  readonly #init: AgentServerInit
  readonly #connections = new Map<Socket, LauncherConnection | undefined>()
  readonly #stopping = new AbortController()
  #server: Server | undefined
  #keepAlive: Promise<void> | undefined

  constructor(components: AgentServerComponents, init: AgentServerInit) {
    this.#components = components
    this.#init = init
  }

  /** Launchers and questions that are being served. */
  get busy(): number {
    return this.#connections.size
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return
    const { home } = this.#init
    const server = createServer((socket) => this.#accept(socket))
    server.maxConnections = LAUNCHERS_MAX
    this.#server = server
    const address = agentAddress(home)
    const isPipe = address.startsWith('\\\\')
    if (!isPipe) await rm(address, { force: true }) // Left by a node that was killed; a live one was ruled out by the caller.
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      nearAgent(home, (path) => server.listen({ path, backlog: LAUNCHERS_MAX }, () => resolve()))
    })
    if (!isPipe) await chmod(address, 0o600) // Whoever may speak here may have files written as this user.
    this.#keepAlive = this.#keepLaunchersAlive(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the node is stopping'))
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of this.#connections.keys()) socket.destroy() // Launchers compile locally then.
    await Promise.all([closed, this.#keepAlive])
  }

  #accept(socket: Socket): void {
    const frames = new LauncherFrames()
    this.#connections.set(socket, undefined)
    socket.on('data', (chunk) => {
      try {
        for (const message of frames.push(chunk)) this.#receive(socket, message)
      } catch (error) {
        this.#components.log.warn('a launcher spoke nonsense', { why: messageOf(error) })
        socket.destroy()
      }
    })
    socket.on('error', (error) => this.#components.log.debug('a launcher broke off', { why: error.message }))
    socket.on('close', () => {
      this.#connections.get(socket)?.end()
      this.#connections.delete(socket)
    })
  }

  #receive(socket: Socket, message: HeardFromLauncher): void {
    const connection = this.#connections.get(socket)
    if (message.type === 'not-utf8') {
      socket.destroy() // Its words cannot be handled here; it compiles by itself.
    } else if (connection !== undefined) {
      connection.receive(message)
    } else if (message.type === 'hello') {
      const fresh = new LauncherConnection(socket, message)
      this.#connections.set(socket, fresh)
      this.#components
        .serveLauncher(fresh)
        .catch((error: unknown) => this.#components.log.warn('a launcher was not served', { why: messageOf(error) }))
        .finally(() => socket.end())
    } else if (message.type === 'query') {
      this.#answer(socket, message.name, message.json).catch((error: unknown) => {
        this.#components.log.warn('a question was not answered', { why: messageOf(error), name: message.name })
        socket.destroy()
      })
    } else {
      socket.destroy()
    }
  }

  async #answer(socket: Socket, name: string, json: string): Promise<void> {
    const args: unknown = json === '' ? undefined : JSON.parse(json)
    const answer = await this.#components.answer(name, args)
    socket.end(encodeToLauncher({ type: 'answer', json: JSON.stringify(answer ?? null) }))
  }

  async #keepLaunchersAlive(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#components.clock.sleep(LAUNCHER_KEEPALIVE_MS, signal).catch(() => undefined) // Stopped: the loop ends.
      for (const connection of this.#connections.values()) connection?.keepAlive()
    }
  }
}
