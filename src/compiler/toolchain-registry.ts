import { tmpdir } from 'node:os'
import { delimiter } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { TOOLCHAIN_PATHS_MAX, TOOLCHAINS_MAX } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import { pathFolders, programFolders } from './program-folders.ts'
import type { Toolchain, ToolchainId } from './toolchain.ts'
import { type KnownToolchain, readToolchainCache, writeToolchainCache } from './toolchain-cache.ts'
import { discoverDrivers, searchFolders } from './toolchain-discovery.ts'
import { findDriver, findInPath, isNameOf } from './toolchain-driver.ts'
import { areUnchanged, FileDigests, type FileStamp, isAbsent, isSameFile, stampFile } from './toolchain-files.ts'
import { type Grounds, identifyToolchain } from './toolchain-identity.ts'
import { type ToolchainProcesses, toolchainProcesses } from './toolchain-process.ts'

export interface ToolchainRegistryComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly processes?: ToolchainProcesses
}

export interface ToolchainRegistryInit {
  /** Where identities outlive the node. */
  readonly cacheFile: string
  /** Where compilers are; those of PATH unless told. */
  readonly pathFolders?: readonly string[]
}

/** A call, as far as it decides which programs a compiler starts. */
export interface CompilerStart {
  readonly compiler: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: ReadonlyMap<string, string>
}

/** The compilers of this machine. Notices when one is upgraded, on both sides of a compile. */
export class ToolchainRegistry {
  readonly #log: Logger
  readonly #processes: ToolchainProcesses
  readonly #digests: FileDigests
  readonly #init: ToolchainRegistryInit
  readonly #pathFolders: readonly string[]
  readonly #known = new Map<string, KnownToolchain>()
  /** Those of them that look for the compiler in PATH: ccache and its kin. */
  readonly #wrappers = new Set<string>()
  readonly #identifying = new Map<string, Promise<Toolchain | undefined>>()
  #loaded: Promise<void> | undefined
  #saving: Promise<void> = Promise.resolve()

  constructor(
    { clock, log, processes = toolchainProcesses }: ToolchainRegistryComponents,
    init: ToolchainRegistryInit,
  ) {
    this.#log = log
    this.#processes = processes
    this.#digests = new FileDigests({ clock })
    this.#init = init
    this.#pathFolders = init.pathFolders ?? (process.env['PATH'] ?? '').split(delimiter)
  }

  /** All that are known, each once. */
  all(): readonly Toolchain[] {
    const byId = new Map<ToolchainId, Toolchain>()
    for (const { toolchain } of this.#known.values()) {
      if (toolchain !== undefined && !byId.has(toolchain.id)) byId.set(toolchain.id, toolchain)
    }
    return [...byId.values()].slice(0, TOOLCHAINS_MAX)
  }

  /** What is behind the absolute path of a compiler. The first time it takes some 100 ms, then a few stats. */
  async byDriver(path: string): Promise<Toolchain | undefined> {
    this.#loaded ??= this.#load()
    await this.#loaded
    const known = this.#known.get(path)
    if (known !== undefined && holds(known)) return known.toolchain
    const running = this.#identifying.get(path)
    if (running !== undefined) return running
    const identifying = this.#identify(path).finally(() => this.#identifying.delete(path))
    this.#identifying.set(path, identifying)
    return identifying
  }

  /** The compiler with this id, if it is still here and still that one: to be asked right before it is run for a peer. */
  async byId(id: ToolchainId): Promise<Toolchain | undefined> {
    for (const { path, toolchain } of [...this.#known.values()]) {
      if (toolchain?.id !== id) continue
      const present = await this.byDriver(path)
      if (present?.id === id) return present
    }
    return undefined
  }

  /** Learns of all compilers in PATH and the usual folders. One after the other: the machine has better to do. */
  async discover(): Promise<void> {
    for (const path of discoverDrivers(this.#pathFolders)) await this.byDriver(path)
  }

  /**
   * Whether a compiler that was just asked for would start other programs in a call than those on which its identity rests:
   * another assembler, and a wrapper such as ccache another compiler.
   */
  startsOthers({ compiler, args, cwd, env }: CompilerStart): boolean {
    const folders = pathFolders(env.get('PATH'), cwd)
    const known = this.#known.get(compiler)
    if (this.#wrappers.has(compiler) && findDriver(compiler, folders) !== known?.toolchain?.driver) return true
    return (known?.fromPath ?? []).some(({ name, file }) => {
      if (name === 'objcopy' && !args.some((word) => word.startsWith('-gsplit-dwarf'))) return false
      const path = findInPath(name, folders)
      return path !== file?.path && !isSameFile(path === undefined ? undefined : stampFile(path), file)
    })
  }

  async #identify(path: string): Promise<Toolchain | undefined> {
    const own = stampFile(path) // Before the rest: what changes meanwhile is noticed next time.
    this.#known.delete(path)
    if (own === undefined) return undefined
    const driver = findDriver(path, searchFolders(this.#pathFolders))
    if (driver !== undefined && driver !== path) return this.#identifyBehind(path, own, driver)
    const components = {
      processes: this.#processes,
      digests: this.#digests,
      pathFolders: programFolders(path),
      temporaryFolder: tmpdir(),
    }
    const identified = await identifyToolchain(components, path).catch((error: unknown) => {
      this.#log.warn('a compiler could not be identified', { path, why: messageOf(error) })
      return undefined
    })
    this.#remember(path, identified?.toolchain, own, identified)
    return identified?.toolchain
  }

  /** Many names lead to one driver; it is asked once. */
  async #identifyBehind(path: string, own: FileStamp, driver: string): Promise<Toolchain | undefined> {
    const toolchain = await this.byDriver(driver)
    this.#remember(path, toolchain, own, this.#known.get(driver))
    return toolchain
  }

  #remember(path: string, toolchain: Toolchain | undefined, own: FileStamp, grounds: Grounds = NOTHING_ELSE): void {
    const { files, absent, fromPath } = grounds
    const others = files.filter((file) => file.path !== path)
    this.#keep({ path, toolchain, files: [own, ...others], absent, fromPath })
    this.#save()
  }

  #keep(known: KnownToolchain): void {
    const { path, toolchain } = known
    this.#known.set(path, known)
    if (toolchain !== undefined && !isNameOf(path, toolchain.driver)) this.#wrappers.add(path)
    else this.#wrappers.delete(path)
    const oldest = this.#known.keys().next()
    if (this.#known.size <= TOOLCHAIN_PATHS_MAX || oldest.done) return
    this.#known.delete(oldest.value)
    this.#wrappers.delete(oldest.value)
  }

  async #load(): Promise<void> {
    for (const known of await readToolchainCache(this.#init.cacheFile)) {
      if (holds(known)) this.#keep(known)
    }
  }

  #save(): void {
    this.#saving = this.#saving
      .then(() => writeToolchainCache(this.#init.cacheFile, [...this.#known.values()]))
      .catch((error: unknown) => this.#log.debug('toolchains could not be saved', { why: messageOf(error) }))
  }

  /** Resolves when all that was learned is on disk. */
  saved(): Promise<void> {
    return this.#saving
  }
}

const NOTHING_ELSE: Grounds = { files: [], absent: [], fromPath: [] }

function holds({ files, absent }: Grounds): boolean {
  return areUnchanged(files) && absent.every(isAbsent)
}
