import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AgentSide, type FakeAgent, fakeAgent } from './launcher-fake-agent.ts'

/** How patient the launchers of these tests are. Longer than anything takes here, short enough to wait for once. */
export const SILENCE_MS = 1500

const SOURCES = join(import.meta.dirname, '../../src/launcher/*.c')
const TWIN = join(import.meta.dirname, 'launcher-impatient-twin.ts')

export type LauncherKind = 'native' | 'twin'

/** Builds the native launcher with this compiler, with warnings as errors. */
export async function buildLauncher(compiler: string, output: string): Promise<void> {
  const flags = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Wshadow', '-Wconversion', '-Werror']
  await promisify(execFile)(compiler, [
    ...flags,
    `-DLAUNCHER_SILENCE_MS=${SILENCE_MS}`,
    ...globSync(SOURCES),
    '-o',
    output,
  ])
}

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder with a launcher in front of a pretended compiler, and an agent that a test plays. */
export class LauncherBench {
  readonly kind: LauncherKind
  /** Working directory of calls. */
  readonly work: string
  /** Holds the launcher as `gcc`. */
  readonly masks: string
  /** Holds the pretended compiler as `gcc` and `cc`. */
  readonly real: string
  readonly home: string
  readonly #folder: string
  readonly #native: string
  #agent: FakeAgent | undefined

  constructor(kind: LauncherKind, native: string) {
    this.kind = kind
    this.#native = native
    this.#folder = mkdtempSync(join(tmpdir(), 'hg-launcher-'))
    const inside = (name: string) => {
      mkdirSync(join(this.#folder, name))
      return join(this.#folder, name)
    }
    this.work = inside('work')
    this.masks = inside('masks')
    this.real = inside('real')
    this.home = inside('home')
    this.mask(join(this.masks, 'gcc'))
    for (const name of ['gcc', 'cc']) this.program(join(this.real, name), PRETENDED_GCC)
  }

  /** Puts a launcher at `path`. */
  mask(path: string): void {
    if (this.kind === 'native') symlinkSync(this.#native, path)
    else this.program(path, `exec '${process.execPath}' '${TWIN}' --as "$0" "$@"`)
  }

  /** Puts a shell script at `path`. */
  program(path: string, script: string): void {
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
  }

  /** The words that call this launcher as `hgbuild`. */
  get hgbuild(): readonly string[] {
    if (this.kind === 'twin') return [process.execPath, TWIN]
    const path = join(this.masks, 'hgbuild')
    rmSync(path, { force: true })
    symlinkSync(this.#native, path)
    return [path]
  }

  /** Plays the agent for all calls from here on. */
  async agent(script: (agent: AgentSide) => Promise<void>): Promise<FakeAgent> {
    this.#agent = await fakeAgent(join(this.home, 'agent.sock'), script)
    return this.#agent
  }

  /** Starts a call; `finished` tells how it ended. */
  start(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const [program = '', ...args] = words
    const child = spawn(program, args, { cwd: this.work, env: this.#env(env), stdio: ['ignore', 'pipe', 'pipe'] })
    const text = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        text[stream] += chunk
      })
    }
    const finished = once(child, 'close').then(([code, signal]): Finished => ({ code, signal, ...text }))
    return { child, finished }
  }

  call(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return this.start(words, env).finished
  }

  /** What the pretended compiler was called with, a line each. */
  compiles(): readonly string[] {
    return this.files().includes('compiles')
      ? readFileSync(join(this.work, 'compiles'), 'utf8').trimEnd().split('\n')
      : []
  }

  files(): readonly string[] {
    return readdirSync(this.work).sort()
  }

  async close(): Promise<void> {
    await this.#agent?.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #env(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    return { PATH: `${this.masks}:${this.real}:/usr/bin:/bin`, HG_HOME: this.home, HOME: this.home, ...env }
  }
}

/** Says that it was called, warns, writes what `-o` names. */
const PRETENDED_GCC = `
echo "$*" >> compiles
echo 'a warning of the compiler' >&2
while [ $# -gt 0 ]; do
  [ "$1" = -o ] && printf 'by the compiler' > "$2"
  shift
done
[ -n "$REAL_SIGNAL" ] && kill -$REAL_SIGNAL $$
exit \${REAL_EXIT:-0}`
