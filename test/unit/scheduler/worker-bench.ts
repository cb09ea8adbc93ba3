import { type Clock, systemClock } from '../../../src/base/clock.ts'
import { type Sha256Hex, sha256 } from '../../../src/base/digest.ts'
import { silentLog } from '../../../src/base/log.ts'
import type { RunRequest, RunResult } from '../../../src/compiler/runner.ts'
import type { Toolchain, ToolchainId } from '../../../src/compiler/toolchain.ts'
import type { InputTree, TreeFile } from '../../../src/compiler/trees/input-tree.ts'
import type { MeshSession, PeerId } from '../../../src/protocols/mesh.ts'
import { RecentClients } from '../../../src/scheduler/recent-clients.ts'
import { createRemoteCompile, type RemoteCompile } from '../../../src/scheduler/remote-compile.ts'
import type { RemoteRequest, TreeShipment } from '../../../src/scheduler/shipment.ts'
import { Slots } from '../../../src/scheduler/slots.ts'
import type { Contents } from '../../../src/scheduler/tree-intake.ts'
import { createWorker, type Worker } from '../../../src/scheduler/worker.ts'
import type { WorkerCache } from '../../../src/scheduler/worker-cache.ts'
import { MemoryFiles } from '../compiler/includes/memory-files.ts'
import { sessionPair } from '../status/session-pair.ts'

export const GCC: Toolchain = {
  id: sha256('gcc') as ToolchainId,
  family: 'gcc',
  version: 'gcc 12.2.0',
  target: 'x86_64-linux-gnu',
  driver: '/usr/bin/gcc',
}

const WORKER = 'worker' as PeerId

/** Contents in memory. */
export class MemoryContents implements Contents {
  readonly kept = new Map<Sha256Hex, Uint8Array>()
  /** Digests in the order in which they were written. */
  readonly written: Sha256Hex[] = []
  held = 0
  full = false

  has(digest: Sha256Hex): boolean {
    return this.kept.has(digest)
  }

  async write(digest: Sha256Hex, bytes: Uint8Array): Promise<boolean> {
    if (this.full) return false
    this.written.push(digest)
    this.kept.set(digest, bytes.slice())
    return true
  }

  file(digest: Sha256Hex): string | undefined {
    return this.kept.has(digest) ? digest : undefined
  }

  /** Resolves when so many are kept: a small source is only once its compile runs. */
  async holds(count: number): Promise<void> {
    while (this.kept.size < count) await systemClock.sleep(1)
  }

  hold(): () => void {
    this.held += 1
    return () => {
      this.held -= 1
    }
  }
}

/** What the runner cedes to clients when it is asked to. */
export const CEDABLE = '/usr/lib/glib/include'

const NO_CACHE = { job: () => undefined }

/** A worker, and clients that reach it without a network. */
export interface WorkerBench {
  readonly worker: Worker
  /** Whom the worker takes for its clients. */
  readonly clients: RecentClients
  readonly contents: MemoryContents
  /** What the worker's runner was given. */
  readonly runs: RunRequest[]
  /** The worker machine's own files; those below /usr/lib are shown to compiles, but for CEDABLE once that is ceded. */
  readonly ownFiles: MemoryFiles
  /** A machine that compiles there, over one session that it uses again and again. */
  client(name: string): RemoteCompile
  /** A session that a stranger speaks on. */
  stranger(name: string): MeshSession
}

export function workerBench({
  run = async () => compiled(),
  slots = 2,
  takesTrees = true,
  ownFiles = {},
  clock = systemClock,
  cache = NO_CACHE,
}: {
  readonly run?: (request: RunRequest, signal: AbortSignal) => Promise<RunResult>
  readonly slots?: number
  readonly takesTrees?: boolean
  readonly ownFiles?: Readonly<Record<string, string>>
  readonly clock?: Clock
  readonly cache?: Pick<WorkerCache, 'job'>
} = {}): WorkerBench {
  const runs: RunRequest[] = []
  let ceded = false
  const contents = new MemoryContents()
  const files = new MemoryFiles()
  for (const [path, text] of Object.entries(ownFiles)) files.write(path, text)
  let handler: ((session: MeshSession) => Promise<void>) | undefined
  const clients = new RecentClients({ clock })
  const worker = createWorker({
    clock,
    log: silentLog,
    mesh: {
      handle: (_protocol, given) => {
        handler = given
      },
    },
    runner: {
      takesTrees,
      shows: (path) => path.startsWith('/usr/lib/') && !(ceded && path.startsWith(CEDABLE)),
      get view() {
        return ceded ? 1 : 0
      },
      cede: (paths) => {
        const can = paths.every((path) => path.startsWith(CEDABLE))
        ceded ||= can
        return can
      },
      hasCeded: (path) => ceded && CEDABLE.startsWith(path),
      run: (request, signal) => {
        runs.push(request)
        return run(request, signal)
      },
    },
    toolchains: { byId: async (id) => (id === GCC.id ? GCC : undefined) },
    slots: new Slots(slots),
    trees: { contents, files },
    cache,
    clients,
  })
  const open = (name: string): MeshSession => {
    const { toA, toB } = sessionPair(name as PeerId, WORKER)
    handler?.(toA).catch((error: Error) => toA.abort(error))
    return toB
  }
  const client = (name: string): RemoteCompile => {
    let session: MeshSession | undefined
    return createRemoteCompile({
      clock: systemClock,
      sessions: {
        use: async (_peer, _protocol, work) => {
          if (session === undefined || session.closed.aborted) session = open(name)
          const used = session
          try {
            return await work(used, used)
          } catch (error) {
            used.abort(error instanceof Error ? error : new Error(String(error)))
            throw error
          }
        },
      },
    })
  }
  return { worker, clients, contents, runs, ownFiles: files, client, stranger: open }
}

export function compiled(changes: Partial<RunResult> = {}): RunResult {
  const none = new Uint8Array()
  return {
    exitCode: 0,
    signal: undefined,
    stdout: none,
    stderr: none,
    outputs: [{ path: 'main.o', bytes: Buffer.from('OBJECT') }],
    usage: { wallMs: 1, userMs: 1, systemMs: 0, maxRssBytes: 0 },
    ...changes,
  }
}

export const REQUEST: RemoteRequest = {
  toolchain: GCC.id,
  args: ['-c', 'main.c', '-o', 'main.o'],
  cwd: '/home/ada/project',
  env: [],
  outputs: ['main.o'],
}

/** A tree of these files, as it is sent from a machine that has them. */
export function shipmentOf(files: Readonly<Record<string, string>>, rest: Partial<InputTree> = {}): TreeShipment {
  const described = Object.entries(files).map(([path, text]) => fileOf(path, text))
  const tree = { files: described, links: [], folders: ['/home/ada/project'], absent: [], ...rest }
  const texts = Object.values(files)
  return { kind: 'tree', compiler: GCC.driver, tree, contents: (index) => Buffer.from(texts[index] ?? '') }
}

export function fileOf(path: string, text: string): TreeFile {
  return { path, digest: sha256(text), bytes: Buffer.byteLength(text), mtimeSeconds: 1 }
}
