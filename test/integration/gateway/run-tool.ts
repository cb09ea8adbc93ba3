import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { undo } from '../undo.ts'

export interface ToolRun {
  readonly cwd: string
  /** All of it but PATH. */
  readonly env: Readonly<Record<string, string>>
}

/** Runs a tool to its end, which must be a good one, and returns what it printed. The node under test runs meanwhile. */
export async function runTool([program = '', ...args]: readonly string[], { cwd, env }: ToolRun): Promise<string> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes))
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return Buffer.concat(stdout).toString()
  throw new Error(`${[program, ...args].join(' ')} ended with ${code}: ${Buffer.concat([...stdout, ...stderr])}`)
}

/** Starts a tool that is to end by itself before its test does. Resolves when it has. */
export function startTool(
  t: TestContext,
  [program = '', ...args]: readonly string[],
  { cwd, env }: ToolRun,
): Promise<void> {
  const child = spawn(program, args, { cwd, env: { PATH: process.env['PATH'], ...env }, stdio: 'ignore' })
  undo(t, () => child.kill('SIGKILL'))
  return new Promise((resolve) => {
    child.once('close', () => resolve())
  })
}

/** A port of this machine that nobody has at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/** Whether somebody listens on a port of this machine. */
export function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  }).finally(() => socket.destroy())
}
