import { once } from 'node:events'
import { statSync } from 'node:fs'
import type { Socket } from 'node:net'
import { isatty } from 'node:tty'
import type { Clock } from '../base/clock.ts'
import { hasDotParts } from '../base/dot-parts.ts'
import { fileView } from '../base/file-view.ts'
import { AgentFrames, encodeFromLauncher } from '../protocols/launcher-codec.ts'
import { type FromLauncher, LAUNCHER_PROTOCOL_VERSION } from '../protocols/launcher-messages.ts'
import { ChildProcesses } from './child-processes.ts'
import { type Ending, Hand } from './hand.ts'
import { HeldPrints } from './held-prints.ts'
import { PendingFiles } from './pending-files.ts'
import type { CompileCall } from './read-call.ts'

export interface ServeAgentComponents {
  readonly clock: Clock
  readonly socket: Socket
  /** What children and programs get as environment. */
  readonly env: NodeJS.ProcessEnv
  readonly findProgram: (name: string) => string | undefined
}

/** Does what the agent says until the call has an end. Leaves no child and no temporary file behind; never rejects. */
export async function serveAgent(
  { clock, socket, env, findProgram }: ServeAgentComponents,
  call: CompileCall,
  { silenceMs }: { readonly silenceMs: number },
): Promise<Ending> {
  const files = new PendingFiles()
  const send = (message: FromLauncher) => sendTo(socket, message)
  const children = new ChildProcesses({ env, send })
  const hand = new Hand({ children, files, prints: new HeldPrints(), send, findProgram })
  const stopListening = onInterrupt(() => {
    children.killAll()
    files.drop()
    files.removeTemporaries()
  })
  const over = new AbortController()
  const hearing = new Hearing(clock, silenceMs)
  hearing.watch(over.signal, () => socket.destroy()).catch(() => undefined) // The call has its end.
  socket.on('error', () => undefined) // The loop in `converse` ends by it.
  socket.setMaxListeners(0) // Every stream of every child may wait until more can be sent.
  await send(hello(call))
  const ending = (await converse(socket, hand, hearing)) ?? (await hand.carryOnAlone())
  over.abort()
  await children.end()
  files.drop()
  files.removeTemporaries()
  stopListening()
  if ('becomes' in ending) socket.resume()
  else socket.destroy()
  return ending
}

/** Undefined when the agent is lost: gone, silent, or talking nonsense. */
async function converse(socket: Socket, hand: Hand, hearing: Hearing): Promise<Ending | undefined> {
  const frames = new AgentFrames()
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      hearing.heard()
      for (const verb of frames.push(chunk)) {
        const ending = await hand.obey(verb)
        if (ending !== undefined) return ending
      }
    }
  } catch {
    // Whatever went wrong with the agent, the compiler is there.
  }
  return undefined
}

/** Notices when nothing was heard for too long. */
class Hearing {
  readonly #clock: Clock
  readonly #silenceMs: number
  #heardAt: number

  constructor(clock: Clock, silenceMs: number) {
    this.#clock = clock
    this.#silenceMs = silenceMs
    this.#heardAt = clock.now()
  }

  heard(): void {
    this.#heardAt = this.#clock.now()
  }

  async watch(signal: AbortSignal, onSilence: () => void): Promise<void> {
    for (let left = this.#silenceMs; left > 0; left = this.#heardAt + this.#silenceMs - this.#clock.now()) {
      await this.#clock.sleep(left, signal)
      await this.#clock.sleep(0, signal) // After a pause of this process, what has arrived meanwhile is read first.
    }
    onSilence()
  }
}

function hello({ tool, compiler, args, announcesPlace, env }: CompileCall): FromLauncher {
  return {
    type: 'hello',
    version: LAUNCHER_PROTOCOL_VERSION,
    stderrIsTerminal: isatty(2),
    announcesPlace,
    umask: process.umask(),
    fileView: fileView(),
    cwd: workingFolder(env['PWD']),
    tool,
    compiler,
    args,
    env: Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
  }
}

/** As compilers find it out: what PWD calls it, links and all, if that is where we are. Mirrored in agent-socket.c. */
function workingFolder(told: string | undefined): string {
  const cwd = process.cwd()
  if (told === undefined || !told.startsWith('/') || hasDotParts(told)) return cwd
  const there = statSync(told, { bigint: true, throwIfNoEntry: false })
  const here = statSync(cwd, { bigint: true, throwIfNoEntry: false })
  return there !== undefined && there.dev === here?.dev && there.ino === here.ino ? told : cwd
}

/** Resolves when more may be sent; for a lost agent at once. */
async function sendTo(socket: Socket, message: FromLauncher): Promise<void> {
  if (socket.destroyed || socket.write(encodeFromLauncher(message))) return
  await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined) // An error: lost as well.
}

/** Cleans up before an interrupt ends the process as it would have; returns what undoes this. */
function onInterrupt(cleanUp: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    cleanUp()
    process.off(signal, onSignal)
    process.kill(process.pid, signal)
  }
  for (const signal of INTERRUPTS) process.on(signal, onSignal)
  return () => {
    for (const signal of INTERRUPTS) process.off(signal, onSignal)
  }
}

const INTERRUPTS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
