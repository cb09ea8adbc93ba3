import { constants as access, accessSync } from 'node:fs'
import { constants } from 'node:os'
import { malformed } from '../protocols/launcher-fields.ts'
import { LauncherProtocolError } from '../protocols/launcher-frames.ts'
import type { FromLauncher, ToLauncher } from '../protocols/launcher-messages.ts'
import type { ChildEnd, ChildProcesses } from './child-processes.ts'
import type { HeldPrints } from './held-prints.ts'
import type { PendingFiles } from './pending-files.ts'

/** How a launcher ends: as it was told, as its last child did, as another program, or on its own. */
export type Ending = ChildEnd | { readonly becomes: readonly string[] } | { readonly alone: 'no-node' | 'node-lost' }

export interface HandComponents {
  readonly children: ChildProcesses
  readonly files: PendingFiles
  readonly prints: HeldPrints
  readonly send: (message: FromLauncher) => Promise<void>
  /** The full path of a program that is named without a folder. */
  readonly findProgram: (name: string) => string | undefined
}

/** The launcher as the agent's hand: does what it is told, one verb after the other. Mirrors hand.c. */
export class Hand {
  readonly #components: HandComponents
  /** What failed since the last `run`, `exec` or `exit`. Verbs that were already on their way are void. */
  #failure: { readonly operation: 'run' | 'write' | 'commit'; readonly errno: number } | undefined

  constructor(components: HandComponents) {
    this.#components = components
  }

  /** Does one thing; gives the ending when it was the last. Throws `LauncherProtocolError` for nonsense. */
  async obey(verb: ToLauncher): Promise<Ending | undefined> {
    if (verb.type === 'exec') return this.#exec(verb.argv)
    if (verb.type === 'exit') return this.#exit(verb.code)
    await this.#work(verb)
    return undefined
  }

  /** The agent is gone, silent or talks nonsense. What the user's own last step did stands; else the compiler does it all. */
  async carryOnAlone(): Promise<Ending> {
    return (await this.#components.children.lastStep) ?? { alone: 'node-lost' }
  }

  #work(verb: Exclude<ToLauncher, { type: 'exec' | 'exit' }>): Promise<void> | void {
    const { children, files, prints } = this.#components
    switch (verb.type) {
      case 'run':
        return this.#run(verb)
      case 'write':
        return this.#attempt('write', () => files.begin(verb.path, verb.mode, verb.size))
      case 'data':
        return this.#attempt('write', () => files.add(verb.bytes))
      case 'copy':
        return this.#attempt('write', () => files.copy(verb.path, verb.crc32))
      case 'commit':
        return this.#attempt('commit', () => files.commit())
      case 'temporary':
        return files.addTemporary(verb.path)
      case 'print':
        return this.#failure === undefined ? prints.hold(verb.stream, verb.bytes) : undefined
      case 'kill':
        return children.kill(verb.run)
      case 'keepalive':
        return
      case 'answer':
        throw malformed('nobody asked')
    }
  }

  async #run(verb: Extract<ToLauncher, { type: 'run' }>): Promise<void> {
    const { children, prints, send } = this.#components
    const program = verb.argv[0]
    if (program === undefined) throw malformed('a run without a program')
    if (this.#failure === undefined) {
      try {
        this.#checkProgram(program)
        if (verb.stdout === 'inherit' || verb.stderr === 'inherit') prints.release()
        return await children.start(verb)
      } catch (error) {
        this.#fail('run', error)
      }
    }
    const errno = this.#failure?.errno ?? 0
    this.#failure = undefined
    await send({ type: 'failed', operation: 'run', errno, run: verb.run })
  }

  #exec(argv: readonly string[]): Ending {
    try {
      this.#checkProgram(argv[0] ?? '')
    } catch {
      throw malformed('a program that is not there') // Whoever sends it does not know this machine.
    }
    this.#components.prints.release()
    return { becomes: argv }
  }

  async #exit(code: number): Promise<Ending | undefined> {
    const { children, files, prints, send } = this.#components
    if (code > 255) throw malformed('an exit code over 255')
    if (this.#failure === undefined) {
      await children.end()
      this.#attempt('commit', () => files.commit())
    }
    if (this.#failure === undefined) {
      prints.release()
      return { exitCode: code }
    }
    const { operation, errno } = this.#failure
    this.#failure = undefined
    await send({ type: 'failed', operation, errno })
    return undefined
  }

  #attempt(operation: 'write' | 'commit', work: () => void): void {
    if (this.#failure !== undefined) return
    try {
      work()
    } catch (error) {
      this.#fail(operation, error)
    }
  }

  /** Nonsense is not a failure: there is nobody to tell it. */
  #fail(operation: 'run' | 'write' | 'commit', error: unknown): void {
    if (error instanceof LauncherProtocolError) throw error
    this.#failure = { operation, errno: errnoOf(error) }
    this.#components.files.drop()
    this.#components.prints.forget()
  }

  /** Prints come out before a program that has our streams, so it must be there: what is printed cannot be taken back. */
  #checkProgram(program: string): void {
    const path = /[/\\]/.test(program) ? program : this.#components.findProgram(program)
    if (path === undefined) throw Object.assign(new Error(`no ${program}`), { code: 'ENOENT' })
    accessSync(path, access.X_OK)
  }
}

function errnoOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return Object.entries(constants.errno).find(([name]) => name === code)?.[1] ?? constants.errno.EIO
}
