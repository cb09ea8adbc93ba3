import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { encodeToLauncher, type HeardFromLauncher, LauncherFrames } from '../../src/protocols/launcher-codec.ts'
import type { ToLauncher } from '../../src/protocols/launcher-messages.ts'

type Heard<T extends HeardFromLauncher['type']> = Extract<HeardFromLauncher, { type: T }>

/** One launcher, as a test plays its agent. */
export interface AgentSide {
  /** The next message of this type; others before it are kept out of the way. Rejects when the launcher is gone. */
  heard<T extends HeardFromLauncher['type']>(type: T): Promise<Heard<T>>
  /** All that a run sent, once it has ended. */
  ended(run: number): Promise<Heard<'exited'> & { readonly stdout: string; readonly stderr: string }>
  send(...verbs: readonly ToLauncher[]): void
  sendRaw(bytes: Uint8Array): void
  /** Resolves when the launcher, and all that it became, has closed the socket. */
  closed: Promise<void>
  isClosed(): boolean
  /** The agent dies. */
  die(): void
}

export interface FakeAgent {
  /** Launchers that have come so far. */
  readonly launchers: () => number
  stop(): Promise<void>
}

/** Listens at `address` and plays `script` with each launcher. A script that fails ends its launcher's socket. */
export async function fakeAgent(address: string, script: (agent: AgentSide) => Promise<void>): Promise<FakeAgent> {
  let launchers = 0
  const failures: unknown[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    launchers += 1
    sockets.add(socket)
    script(agentSide(socket)).catch((error: unknown) => {
      failures.push(error)
      socket.destroy()
    })
  })
  server.listen(address)
  await once(server, 'listening')
  return {
    launchers: () => launchers,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
      if (failures.length > 0) throw failures[0]
    },
  }
}

function agentSide(socket: Socket): AgentSide {
  const frames = new LauncherFrames()
  const inbox: HeardFromLauncher[] = []
  let wake = () => {}
  let isClosed = false
  socket.on('data', (chunk) => {
    inbox.push(...frames.push(chunk))
    wake()
  })
  socket.on('error', () => undefined) // A launcher that is killed; `closed` tells.
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      isClosed = true
      wake()
      resolve()
    })
  })
  const next = async (): Promise<HeardFromLauncher> => {
    for (;;) {
      const message = inbox.shift()
      if (message !== undefined) return message
      if (isClosed) throw new Error('the launcher is gone')
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const heard = async <T extends HeardFromLauncher['type']>(type: T): Promise<Heard<T>> => {
    for (;;) {
      const message = await next()
      if (isA(message, type)) return message
    }
  }
  return {
    heard,
    closed,
    isClosed: () => isClosed,
    send: (...verbs) => {
      socket.write(Buffer.concat(verbs.map(encodeToLauncher)))
    },
    sendRaw: (bytes) => {
      socket.write(bytes)
    },
    die: () => socket.destroy(),
    ended: async (run) => {
      const text = { stdout: '', stderr: '' }
      for (;;) {
        const message = await next()
        if (message.type === 'output' && message.run === run)
          text[message.stream] += Buffer.from(message.bytes).toString()
        if (message.type === 'exited' && message.run === run) return { ...message, ...text }
      }
    },
  }
}

function isA<T extends HeardFromLauncher['type']>(message: HeardFromLauncher, type: T): message is Heard<T> {
  return message.type === type
}
