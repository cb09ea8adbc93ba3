import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Clock } from '../../../../src/base/clock.ts'
import type { SyncFiles } from '../../../../src/compiler/includes/sync-files.ts'
import { systemSyncFiles } from '../../../../src/compiler/includes/system-sync-files.ts'
import { MemoryFiles } from '../includes/memory-files.ts'

/** Files that a test edits and a tree builder watches. */
export interface Disk {
  /** Where the test's files are: absolute, without links. */
  readonly root: string
  readonly files: SyncFiles
  readonly clock: Clock
  /** Writes in place, or anew. */
  write(path: string, text: string): void
  /** Writes another file and renames it over the one that is there. */
  replace(path: string, text: string): void
  remove(path: string): void
  link(path: string, target: string): void
  rename(from: string, to: string): void
  /** Whole milliseconds. */
  mtimeMs(path: string): number
  setMtime(path: string, mtimeMs: number): void
  /** Lets all that was written come to rest: from here on each change shows in some time stamp. */
  settle(): void
  dispose(): void
}

export function memoryDisk(): Disk {
  const files = new MemoryFiles()
  const root = '/root'
  const at = (path: string) => `${root}/${path}`
  return {
    root,
    files,
    clock: clockOf(() => files.now),
    write: (path, text) => files.write(at(path), text),
    replace: (path, text) => files.replace(at(path), text),
    remove: (path) => files.remove(at(path)),
    link: (path, target) => files.link(at(path), target),
    rename: (from, to) => files.rename(at(from), at(to)),
    mtimeMs: (path) => {
      const stat = files.stat(at(path))
      return typeof stat === 'object' ? stat.mtimeMs : Number.NaN
    },
    setMtime: (path, mtimeMs) => files.touch(at(path), mtimeMs),
    settle: () => files.settle(),
    dispose: () => undefined,
  }
}

/** The machine's own disk, under a clock that is put forward where a test would have to wait. */
export function systemDisk(): Disk {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'hg-edits-')))
  const at = (path: string) => join(root, path)
  let aheadMs = 0
  const write = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return {
    root,
    files: systemSyncFiles(),
    clock: clockOf(() => Date.now() + aheadMs),
    write: (path, text) => write(at(path), text),
    replace: (path, text) => {
      write(at('replacement'), text)
      renameSync(at('replacement'), at(path))
    },
    remove: (path) => rmSync(at(path), { recursive: true }),
    link: (path, target) => {
      mkdirSync(dirname(at(path)), { recursive: true })
      symlinkSync(target, at(path))
    },
    rename: (from, to) => renameSync(at(from), at(to)),
    mtimeMs: (path) => Math.floor(statSync(at(path)).mtimeMs),
    setMtime: (path, mtimeMs) => utimesSync(at(path), mtimeMs / 1000, mtimeMs / 1000),
    settle: () => {
      aheadMs += 60_000
      // In truth no time has passed: what is written next must not fall into the same tick.
      write(at('tick'), '')
      const { ctimeMs } = lstatSync(at('tick'))
      while (lstatSync(at('tick')).ctimeMs === ctimeMs) write(at('tick'), '')
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  }
}

function clockOf(now: () => number): Clock {
  return { now, wallTime: now, sleep: () => Promise.resolve() }
}
