import { spawn } from 'node:child_process'
import { accessSync, constants, readlinkSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { homedir, constants as system } from 'node:os'
import { nearAgent } from '../base/agent-address.ts'
import { systemClock } from '../base/clock.ts'
import { stateFolder } from '../base/state-folder.ts'
import { endOf } from './child-processes.ts'
import { type CompilerFinder, findCompiler, GUARD_VARIABLE } from './find-compiler.ts'
import type { Ending } from './hand.ts'
import { printAll } from './held-prints.ts'
import { type CompileCall, readCall } from './read-call.ts'
import { type ServeAgentComponents, serveAgent } from './serve-agent.ts'

export interface LauncherInit {
  /** An agent that says nothing for so long is lost. */
  readonly silenceMs: number
  /** The program for all that is more than one compile. */
  readonly hgbuildFile: string
}

/** The launcher where the native one could not be built: the same protocol, the same behaviour. Ends the process. */
export async function runLauncher(words: readonly string[], init: LauncherInit): Promise<void> {
  const asked = readCall(machine, words)
  const hgbuild = [process.execPath, init.hgbuildFile]
  if (asked.kind === 'hgbuild') return become([...hgbuild, ...asked.words], process.env)
  if (asked.kind === 'no-compiler')
    return complain(EXIT.notFound, `no compiler ${asked.tool}${/[/\\]/.test(asked.tool) ? '' : ' in PATH'}`)
  const { call } = asked
  const met = call.env[GUARD_VARIABLE]
  const env = { ...call.env, [GUARD_VARIABLE]: met ? `${met}:${call.compiler}` : call.compiler }
  if (met !== undefined) return become([call.compiler, ...call.args], env)
  const socket = await connectToAgent(call)
  if (socket === undefined && call.byHgbuild && call.env['HG_NODE_STARTED'] === undefined) {
    return become([...hgbuild, call.tool, ...call.args], call.env) // Starts a node and calls us again.
  }
  const ending =
    socket === undefined ? ({ alone: 'no-node' } as const) : await serveAgent(components(socket, env), call, init)
  await end(ending, call, env)
}

function components(socket: Socket, env: NodeJS.ProcessEnv): ServeAgentComponents {
  return { clock: systemClock, socket, env, findProgram: (name) => findCompiler(machine, name, undefined) }
}

/** Mirrored in ending.h. */
const EXIT = { noFallback: 111, notRunnable: 126, notFound: 127 } as const

const ALONE = {
  'no-node': {
    error: 'no node answers on this machine',
    hint: 'start one with `hg node start`; without --no-fallback it would have been compiled here',
  },
  'node-lost': {
    error: 'the node on this machine was lost during the compile',
    hint: 'see `hg node logs`; without --no-fallback it would have been compiled here',
  },
} as const

const machine: CompilerFinder = {
  platform: process.platform,
  env: process.env,
  cwd: process.cwd(),
  stderrIsTerminal: process.stderr.isTTY === true,
  identify: (path) => {
    try {
      const file = statSync(path, { bigint: true })
      accessSync(path, constants.X_OK)
      return file.isFile() ? `${file.dev}:${file.ino}` : undefined
    } catch {
      return undefined // Not there, or not for us.
    }
  },
  readLink: (path) => {
    try {
      return readlinkSync(path)
    } catch {
      return undefined // Not there, or no link.
    }
  },
}

/** A node of another user cannot listen there: its folder is closed to all but its owner. */
function connectToAgent({ env }: CompileCall): Promise<Socket | undefined> {
  const home = stateFolder({ platform: process.platform, env, homeFolder: homedir(), cwd: process.cwd() })
  return new Promise((resolve) => {
    try {
      const socket = nearAgent(env['HG_SOCKET_DIR'] || home, (address) => connect(address))
      socket.once('error', () => resolve(undefined))
      socket.once('connect', () => resolve(socket))
    } catch {
      resolve(undefined) // The folder is not there.
    }
  })
}

async function end(ending: Ending, call: CompileCall, env: NodeJS.ProcessEnv): Promise<void> {
  if ('exitCode' in ending) process.exit(ending.exitCode)
  if ('signal' in ending) dieBy(ending.signal)
  if ('becomes' in ending) return become(ending.becomes, env)
  if ('alone' in ending) {
    const { error, hint } = ALONE[ending.alone]
    if (env['HG_FALLBACK'] === 'off') return complain(EXIT.noFallback, error, hint)
    if (call.announcesPlace && env['HG_QUIET'] === undefined) printAll(2, Buffer.from(`[local ${ending.alone}]\n`))
    return become([call.compiler, ...call.args], env)
  }
}

/** Ends as this program does: the nearest thing to becoming it. */
async function become(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [program = '', ...args] = argv
  const child = spawn(program, args, { stdio: 'inherit', env, windowsHide: true })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of INTERRUPTS) process.on(signal, pass)
  child.once('error', (error) => {
    const missing = 'code' in error && error.code === 'ENOENT'
    complain(missing ? EXIT.notFound : EXIT.notRunnable, `cannot run ${program}: ${error.message}`)
  })
  const how = await endOf(child)
  for (const signal of INTERRUPTS) process.off(signal, pass)
  if ('exitCode' in how) process.exit(how.exitCode)
  dieBy(how.signal)
}

const INTERRUPTS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

function dieBy(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal)
  process.exit(128 + (system.signals[signal] ?? 0)) // Node.js is deaf to some.
}

function complain(code: number, error: string, hint?: string): void {
  printAll(2, Buffer.from(`hgbuild: error: ${error}\n${hint === undefined ? '' : `  hint: ${hint}\n`}`))
  process.exit(code)
}
