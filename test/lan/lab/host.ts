import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandOptions, type CommandResult, mustRun, type Running, startCommand } from './command.ts'
import type { CpuGroup } from './cpu-group.ts'
import { type Network, processesIn } from './network.ts'

export interface HostComponents {
  readonly network: Network
  readonly group: CpuGroup | undefined
}

export interface HostInit {
  readonly name: string
  /** The host's own disk, as it were. */
  readonly folder: string
  /** Folders of the other hosts: out of sight here. */
  readonly hidden: readonly string[]
  /** Folders in front of PATH. */
  readonly programs: readonly string[]
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Boots a host: $1 namespace, $2 host name, $3 folders to hide. Prints the process that keeps its mounts and its name for all
 * that is started there: what saw other mounts would be on another machine.
 */
const BOOT = `
exec nsenter --net="/run/netns/$1" unshare --mount --uts --propagation private sh -c '
  hostname "$1"
  for folder in $2; do mount -t tmpfs -o size=64k,mode=000 hidden "$folder"; done
  sleep infinity </dev/null >/dev/null 2>&1 &
  echo $!' sh "$2" "$3"`

/**
 * Takes a command into a host: $1 the process that keeps it, $2 files of its control group, then the command. Everything is
 * `exec`, so the process that was started is the command itself.
 */
const ENTER = `
keeper=$1 groups=$2
shift 2
for members in $groups; do echo $$ >"$members"; done
exec nsenter --target "$keeper" --net --mount --uts sh -c 'cd "$1" && shift && exec "$@"' sh "$PWD" "$@"`

/** One machine of a lab: its own network, host name, folder and share of the CPU; compilers and programs are shared. */
export class Host {
  readonly name: string
  readonly folder: string
  /** What HG_HOME is here. */
  readonly home: string
  readonly #components: HostComponents
  readonly #init: HostInit
  /** The process that keeps the host's mounts; undefined while it is off. */
  #keeper: string | undefined

  constructor(components: HostComponents, init: HostInit) {
    this.#components = components
    this.#init = init
    this.name = init.name
    this.folder = init.folder
    this.home = join(init.folder, 'home')
    mkdirSync(this.home, { recursive: true })
  }

  /** Whether it has a share of the CPU of its own. */
  get hasQuota(): boolean {
    return this.#components.group?.hasQuota ?? false
  }

  get address(): string {
    return this.#components.network.address(this.name)
  }

  /** A clean environment: nothing of the tests' own reaches the host but where temporary files go. */
  get env(): Record<string, string> {
    const path = [...this.#init.programs, SYSTEM_PATH].join(':')
    return { PATH: path, HOME: this.folder, HG_HOME: this.home, LANG: 'C.UTF-8', TMPDIR: tmpdir() }
  }

  /** Starts a command on this host; `env` adds to its environment. */
  spawn(argv: readonly string[], options: CommandOptions = {}): Running {
    this.#keeper ??= this.#boot()
    const groups = (this.#components.group?.memberFiles ?? []).join(' ')
    return startCommand(['sh', '-c', ENTER, 'sh', this.#keeper, groups, ...argv], {
      cwd: this.folder,
      ...options,
      env: { ...this.env, ...options.env },
    })
  }

  /** Runs a command on this host to its end, whatever end that is. */
  async run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return { ...(await this.spawn(argv, options).ended), argv }
  }

  /** Takes the network cable out. */
  cut(): void {
    this.#components.network.plug(this.name, 'out')
  }

  /** Puts the network cable back. */
  heal(): void {
    this.#components.network.plug(this.name, 'in')
  }

  /** CPU time of all that ran here so far; undefined where the system does not count it. */
  cpuSeconds(): number | undefined {
    return this.#components.group?.usedSeconds()
  }

  /** The processes that run here, also those that made themselves a namespace of their own. */
  processes(): readonly number[] {
    const { network, group } = this.#components
    return [...new Set([...processesIn(network.namespace(this.name)), ...(group?.members() ?? [])])]
  }

  /** Ends everything on this host at once, as pulling the plug would. */
  powerOff(): void {
    for (const pid of this.processes()) killQuietly(pid)
    this.#keeper = undefined
  }

  /** Gives HG_HOME a disk of its own of `bytes`; for a host on which nothing runs yet. */
  async limitHome(bytes: number): Promise<void> {
    this.powerOff() // It would not see what is mounted from now on.
    await mustRun(['mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'home', this.home])
  }

  #boot(): string {
    const { namespace } = this.#components.network
    const boot = ['-c', BOOT, 'sh', namespace(this.name), this.name, this.#init.hidden.join(' ')]
    return execFileSync('sh', boot, { encoding: 'utf8' }).trim()
  }
}

/** Kills a process that may have ended by now. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
