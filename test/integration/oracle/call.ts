import { spawn } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytesOf, type Situation } from './oracle-table.ts'

/** What a command said, and how it ended. */
export interface Called {
  /** `exit 0`, `signal SIGKILL`. */
  readonly ending: string
  readonly stdout: string
  readonly stderr: string
}

export interface CallPlace {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** What it reads from stdin. */
  readonly stdin: string
  /** A file of ours to write to, outside of `cwd`. */
  readonly script: string
}

/** No compile of the table takes longer, however busy the machine. */
const CALL_MAX_MS = 120_000

/** Calls a command by a shell script, because only there words may hold any bytes. */
export async function call(
  words: readonly string[],
  { cwd, env, stdin, script }: CallPlace,
  { terminal, umask }: Pick<Situation, 'terminal' | 'umask'>,
): Promise<Called> {
  const quoted = words.map((word) => Buffer.concat([Buffer.from("'"), quotedBytes(word), Buffer.from("' ")]))
  const lines = [umask === undefined ? '' : `umask ${umask}\n`, 'exec ']
  writeFileSync(script, Buffer.concat([...lines.map((line) => Buffer.from(line)), ...quoted, Buffer.from('\n')]))
  return terminal
    ? run('script', ['-qefc', `stty -onlcr cols 80; exec sh ${script}`, '/dev/null'], { cwd, env, stdin: '/dev/null' })
    : run('sh', [script], { cwd, env, stdin: join(cwd, stdin) })
}

function quotedBytes(word: string): Buffer {
  return Buffer.from(bytesOf(word).toString('latin1').replaceAll("'", "'\\''"), 'latin1')
}

function run(program: string, args: readonly string[], place: Omit<CallPlace, 'script'>): Promise<Called> {
  const input = openSync(place.stdin, 'r')
  const child = spawn(program, args, {
    cwd: place.cwd,
    env: place.env,
    stdio: [input, 'pipe', 'pipe'],
    timeout: CALL_MAX_MS,
  })
  closeSync(input)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr?.on('data', (bytes: Buffer) => stderr.push(bytes))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve({
        ending: signal === null ? `exit ${code}` : `signal ${signal}`,
        stdout: told(stdout),
        stderr: told(stderr),
      }),
    )
  })
}

/** As latin1, so that every byte counts; but for names that drivers draw anew each time. */
function told(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks)
    .toString('latin1')
    .replaceAll(/\/tmp\/(?:cc[A-Za-z0-9]{6}|hg-[0-9a-f]{16}|[\w.-]+-[0-9a-f]{6})\b/g, '/tmp/RANDOM')
}
