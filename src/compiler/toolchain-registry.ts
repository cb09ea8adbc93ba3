import { tmpdir } from 'node:os'
import { delimiter } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import { TOOLCHAIN_FRESH_MS, TOOLCHAIN_PATHS_MAX, TOOLCHAINS_MAX } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import type { Toolchain, ToolchainId } from './toolchain.ts'
import { type KnownToolchain, readToolchainCache, writeToolchainCache } from './toolchain-cache.ts'
import { discoverDrivers, searchFolders } from './toolchain-discovery.ts'
import { findDriver } from './toolchain-driver.ts'
import { areUnchanged, FileDigests, type FileStamp, stampFile } from './toolchain-files.ts'
import { identifyToolchain } from './toolchain-identity.ts'
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

/** The compilers of this machine. Notices when one is upgraded, on both sides of a compile. */
export class ToolchainRegistry {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #processes: ToolchainProcesses
  readonly #digests: FileDigests
  readonly #init: ToolchainRegistryInit
  readonly #pathFolders: readonly string[]
  readonly #known = new Map<string, KnownToolchain & { checkedAt: number }>()
  readonly #identifying = new Map<string, Promise<Toolchain | undefined>>()
  #loaded: Promise<void> | undefined
  #saving: Promise<void> = Promise.resolve()

  constructor(
    { clock, log, processes = toolchainProcesses }: ToolchainRegistryComponents,
    init: ToolchainRegistryInit,
  ) {
    this.#clock = clock
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

  /**
   * What is behind the absolute path of a compiler. The first time it takes some 100 ms; then nothing within a second, and a
   * few stats after that.
   */
  async byDriver(path: string): Promise<Toolchain | undefined> {
    this.#loaded ??= this.#load()
    await this.#loaded
    const known = this.#known.get(path)
    if (known !== undefined && this.#isFresh(known)) return known.toolchain
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

  #isFresh(known: KnownToolchain & { checkedAt: number }): boolean {
    const now = this.#clock.now()
    if (now - known.checkedAt < TOOLCHAIN_FRESH_MS) return true
    if (!areUnchanged(known.files)) return false
    known.checkedAt = now
    return true
  }

  async #identify(path: string): Promise<Toolchain | undefined> {
    const own = stampFile(path) // Before the rest: what changes meanwhile is noticed next time.
    this.#known.delete(path)
    if (own === undefined) return undefined
    const pathFolders = searchFolders(this.#pathFolders)
    const driver = findDriver(path, pathFolders)
    if (driver !== undefined && driver !== path) return this.#identifyBehind(path, own, driver)
    const components = {
      processes: this.#processes,
      digests: this.#digests,
      pathFolders,
      temporaryFolder: tmpdir(),
    }
    const identified = await identifyToolchain(components, path).catch((error: unknown) => {
      this.#log.warn('a compiler could not be identified', { path, why: messageOf(error) })
      return undefined
    })
    this.#remember({ path, toolchain: identified?.toolchain, files: [own, ...(identified?.files ?? [])] })
    return identified?.toolchain
  }

  /** Many names lead to one driver; it is asked once. */
  async #identifyBehind(path: string, own: FileStamp, driver: string): Promise<Toolchain | undefined> {
    const toolchain = await this.byDriver(driver)
    const files = this.#known.get(driver)?.files ?? []
    this.#remember({ path, toolchain, files: [own, ...files] })
    return toolchain
  }

  #remember(known: KnownToolchain): void {
    this.#keep(known)
    this.#save()
  }

  #keep(known: KnownToolchain): void {
    this.#known.set(known.path, { ...known, checkedAt: this.#clock.now() })
    const oldest = this.#known.keys().next()
    if (this.#known.size > TOOLCHAIN_PATHS_MAX && !oldest.done) this.#known.delete(oldest.value)
  }

  async #load(): Promise<void> {
    for (const known of await readToolchainCache(this.#init.cacheFile)) {
      if (areUnchanged(known.files)) this.#keep(known)
    }
  }

  #save(): void {
    this.#saving = this.#saving
      .then(() => writeToolchainCache(this.#init.cacheFile, [...this.#known.values()].map(withoutTime)))
      .catch((error: unknown) => this.#log.debug('toolchains could not be saved', { why: messageOf(error) }))
  }

  /** Resolves when all that was learned is on disk. */
  saved(): Promise<void> {
    return this.#saving
  }
}

function withoutTime({ path, toolchain, files }: KnownToolchain): KnownToolchain {
  return { path, toolchain, files }
}
