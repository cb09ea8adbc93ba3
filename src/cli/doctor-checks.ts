import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { agentAddress } from '../base/agent-address.ts'
import { systemClock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { silentLog } from '../base/log.ts'
import { systemRandom } from '../base/random.ts'
import { createSandboxRunner } from '../compiler/sandbox/sandbox-runner.ts'
import type { Settings } from '../node/settings-table.ts'
import { isNodeStatus } from '../status/snapshot.ts'
import type { Context } from './command.ts'
import { isProgram } from './compiler-names.ts'
import { launcherProgram } from './launcher-program.ts'
import { launcherFile, packageFolder, sandboxFile } from './package-folder.ts'

/** What a check found: `warn` still compiles, only less well or less safely. */
export interface Diagnosis {
  readonly verdict: 'ok' | 'warn' | 'bad'
  readonly found: string
  /** What to do about it. */
  readonly todo?: string
}

export interface Finding extends Diagnosis {
  readonly check: string
}

export type CheckContext = Pick<Context, 'ask' | 'home' | 'env'> & { readonly settings: Settings }

export interface Check {
  readonly name: string
  run(context: CheckContext): Promise<Diagnosis>
}

/** Everything `hg doctor` looks at, in this order. */
export const CHECKS: readonly Check[] = [
  { name: 'node', run: checkNode },
  { name: 'compiler', run: checkCompiler },
  { name: 'launcher', run: checkLauncher },
  { name: 'sandbox', run: checkSandbox },
  { name: 'agent', run: checkAgent },
  { name: 'ports', run: checkPorts },
  { name: 'multicast', run: checkMulticast },
]

/** Longest that a program that is only looked at may take. */
const PROGRAM_MAX_MS = 10_000

async function checkNode(): Promise<Diagnosis> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 15)) return ok(`version ${process.versions.node}`)
  return bad(`version ${process.versions.node}`, 'install Node.js 22.15 or later')
}

async function checkCompiler({ env }: CheckContext): Promise<Diagnosis> {
  for (const name of ['cc', 'gcc', 'clang']) {
    const version = await firstLineOf(name, ['--version'], env)
    if (version !== undefined) return ok(`${name} is ${version}`)
  }
  return bad(
    'neither cc, gcc nor clang is in PATH',
    'install one: without it nothing is compiled here, and nothing for others',
  )
}

async function checkLauncher(): Promise<Diagnosis> {
  const launcher = launcherProgram()
  if (launcher?.kind === 'native') return ok(launcher.file)
  const twin = launcher === undefined ? '' : ', so each compile starts Node'
  return (launcher === undefined ? bad : warn)(
    `${launcherFile} is not there${twin}`,
    `build it: \`npm run build\` in ${packageFolder}, with a C compiler in PATH`,
  )
}

/** Debian's old switch and Ubuntu's new one; elsewhere there is none that forbids them. */
const ALLOW_NAMESPACES =
  'allow user namespaces: `sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0`'

async function checkSandbox(): Promise<Diagnosis> {
  // What a node would get is told best by what it would use.
  const workFolder = mkdtempSync(join(tmpdir(), 'hybridgrid-doctor-'))
  const components = { clock: systemClock, random: systemRandom, log: silentLog }
  const runner = await createSandboxRunner(components, { helper: sandboxFile, workFolder })
  await runner.stop()
  const { sandbox } = runner
  if (sandbox.kind === 'namespaces') return ok('compiles for peers are confined in namespaces')
  const close = 'close the mesh: `hg mesh key new`'
  const found = `compiles for peers are not confined: ${sandbox.why}`
  if (process.platform !== 'linux') return warn(found, close)
  if (!isProgram(sandboxFile)) return warn(found, `\`npm run build\` in ${packageFolder}, with a C compiler in PATH`)
  return warn(found, `${ALLOW_NAMESPACES}, or ${close}`)
}

async function checkAgent({ ask, home }: CheckContext): Promise<Diagnosis> {
  try {
    const status = await ask('status', isNodeStatus)
    if (status !== undefined) return ok(`node ${status.name} answers (process ${status.pid})`)
    const left = existsSync(agentAddress(home)) ? ' (a killed node left its socket; the next start removes it)' : ''
    return warn(`no node is running${left}`, 'start one with `hg node start`; `hgbuild` does so too')
  } catch (error) {
    return bad(messageOf(error), `see \`hg node logs\`; the state folder is ${home}`)
  }
}

async function checkPorts({ ask, settings }: CheckContext): Promise<Diagnosis> {
  const status = await ask('status', isNodeStatus).catch(() => undefined)
  if (status !== undefined) return ok(`the node holds ${status.port} and ${status.httpPort}`)
  const taken = [
    ...((await isFree(settings.port, undefined)) ? [] : [`${settings.port} for other nodes (--port)`]),
    ...((await isFree(settings.httpPort, settings.httpHost))
      ? []
      : [`${settings.httpPort} for status pages (--http-port)`]),
  ]
  if (taken.length === 0) return ok(`${settings.port} and ${settings.httpPort} are free`)
  return warn(`taken: ${taken.join(', ')}`, 'choose others, or end what holds them; a node takes the next best')
}

async function checkMulticast({ settings }: CheckContext): Promise<Diagnosis> {
  if (!settings.mdns) return ok('mDNS is switched off; nodes are found by --peer')
  const trouble = await multicastTrouble()
  if (trouble === undefined) return ok('there is a route for mDNS')
  return warn(`mDNS cannot be sent: ${trouble}`, 'check the network, or name a node with `--peer HOST:9000`')
}

/** Where mDNS is sent. */
const MDNS_GROUP = '224.0.0.251'
const DISCARD_PORT = 9

/** Joins the group and asks for a route to it; sends nothing. */
function multicastTrouble(): Promise<string | undefined> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  return new Promise<string | undefined>((resolve) => {
    socket.once('error', (error) => resolve(error.message))
    socket.bind(0, () => {
      try {
        socket.addMembership(MDNS_GROUP)
        socket.connect(DISCARD_PORT, MDNS_GROUP, () => resolve(undefined))
      } catch (error) {
        resolve(messageOf(error))
      }
    })
  }).finally(() => socket.close())
}

/** Whether a node could listen there. */
function isFree(port: number, host: string | undefined): Promise<boolean> {
  const server = createServer()
  return new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ port, host }, () => resolve(true))
  }).finally(() => server.close())
}

/** The first line that a program prints; undefined when there is no such program or it fails. */
function firstLineOf(program: string, args: readonly string[], env: CheckContext['env']): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: PROGRAM_MAX_MS }, (error, stdout) => {
      resolve(error === null ? stdout.split('\n')[0] : undefined)
    })
  })
}

function ok(found: string): Diagnosis {
  return { verdict: 'ok', found }
}

function warn(found: string, todo: string): Diagnosis {
  return { verdict: 'warn', found, todo }
}

function bad(found: string, todo: string): Diagnosis {
  return { verdict: 'bad', found, todo }
}
