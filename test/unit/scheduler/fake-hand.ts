import type { CheckableFile } from '../../../src/cache/blob-store.ts'
import type { ChildRequest, ChildResult, LauncherHand, LauncherHello } from '../../../src/scheduler/launcher-hand.ts'

/** That of the node, too. */
export const FILE_VIEW = 'mnt:[1] 2:3'

/** A launcher that writes down what it is told. */
export class FakeHand implements LauncherHand {
  readonly hello: LauncherHello
  /** Every verb, as one line each. */
  readonly verbs: string[] = []
  /** Those of the files it is to write. */
  readonly rights: number[] = []
  /** The files that it is to copy those from. */
  readonly copied: string[] = []
  readonly #closing = new AbortController()
  readonly #children: (request: ChildRequest) => Partial<ChildResult> | undefined
  /** What `exit` answers, one after the other; then true. */
  readonly writeResults: boolean[] = []

  constructor(
    args: readonly string[],
    env: readonly string[] = [],
    children: (request: ChildRequest) => Partial<ChildResult> | undefined = () => ({}),
  ) {
    this.#children = children
    this.hello = {
      type: 'hello',
      version: 3,
      stderrIsTerminal: false,
      announcesPlace: true,
      umask: 0o022,
      fileView: FILE_VIEW,
      cwd: '/home/ada/project',
      tool: 'gcc',
      compiler: '/usr/bin/gcc',
      args,
      env,
    }
  }

  get closed(): AbortSignal {
    return this.#closing.signal
  }

  /** The user pressed Ctrl-C. */
  interrupt(): void {
    this.#closing.abort(new Error('interrupted'))
  }

  async run(request: ChildRequest): Promise<ChildResult | undefined> {
    this.verbs.push(`run ${request.argv.join(' ')}`)
    const result = this.#children(request)
    if (result === undefined) return undefined
    const none = new Uint8Array()
    return { exitCode: 0, signal: undefined, stdout: none, stderr: none, overflowed: false, cpuMs: 1, ...result }
  }

  async become(argv: readonly string[]): Promise<void> {
    this.verbs.push(`exec ${argv.join(' ')}`)
    this.#closing.abort(new Error('ended'))
  }

  async write(path: string, mode: number, bytes: Uint8Array, from?: CheckableFile): Promise<void> {
    this.rights.push(mode)
    if (from !== undefined) this.copied.push(from.path)
    this.verbs.push(`write ${path.replace(/hg-[0-9a-f]+/, 'hg-X')} ${Buffer.from(bytes).toString()}`)
  }

  commit(): void {
    this.verbs.push('commit')
  }

  temporary(path: string): void {
    this.verbs.push(`temporary ${path.replace(/hg-[0-9a-f]+/, 'hg-X')}`)
  }

  print(stream: 'stdout' | 'stderr', text: string | Uint8Array): void {
    this.verbs.push(`print ${stream} ${Buffer.from(text).toString().trim()}`)
  }

  async exit(code: number): Promise<boolean> {
    this.verbs.push(`exit ${code}`)
    return this.writeResults.shift() ?? true
  }
}
