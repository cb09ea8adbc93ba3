import { test } from 'node:test'
import { SimRandom } from '../../../sim/random.ts'
import { MemoryFiles } from '../includes/memory-files.ts'
import { seeds } from '../seeds.ts'
import type { Disk } from './disks.ts'
import { WatchedTree } from './watched-tree.ts'

const EDITS_PER_SEED = 120
const FOLDERS = ['w', 'i', 'j', 'j/deep', 'sys', 'link', 'w/none'] as const
const NAMES = ['a.c', 'x.h', 'y.h', 'deep/x.h', 'deep'] as const
const LINES = [
  '#include "x.h"',
  '#include <x.h>',
  '#include_next <x.h>',
  '#include "../j/deep/x.h"',
  '#include <deep/x.h>',
  '#include "none/../y.h"',
  '#if __has_include(<y.h>)',
  '#include NAME',
  '#define NAME "y.h"',
  '#define NAME <deep/x.h>',
  'char *t = __TIME__;',
] as const
const TARGETS = ['i', '../j', 'deep', 'x.h', '../i/y.h', '/root/j/deep', 'link', '.'] as const

for (const seed of seeds('1-6')) {
  test(`however files come and go, no tree shows what was there before (seed ${seed})`, async () => {
    const random = new SimRandom(seed)
    const { disk, edit, pass } = randomDisk(random)
    const watched = new WatchedTree(disk)
    const story: string[] = []
    for (let edits = 0; edits < EDITS_PER_SEED; edits += 1) {
      story.push(edit())
      story.push(pass())
      const lookAgain = random.integer(0, 2)
      for (let looks = 0; looks <= lookAgain; looks += 1) {
        await watched.look(['-Ii', '-Ij', '-Ilink', '-Ilater'], `(seed ${seed}): ${story.slice(-12).join('; ')}`)
      }
    }
  })
}

/** A disk in memory, and how chance changes it. */
function randomDisk(random: SimRandom): { disk: Disk; edit: () => string; pass: () => string } {
  const files = new MemoryFiles()
  const somewhere = () => `/root/${random.pick(FOLDERS)}/${random.pick(NAMES)}`
  const text = () => Array.from({ length: random.integer(0, 4) }, () => `${random.pick(LINES)}\n`).join('')
  const edits: readonly (() => string)[] = [
    () => attempt(`write ${somewhere()}`, (path) => files.write(path, text())),
    () => attempt(`write ${somewhere()}`, (path) => files.write(path, text())),
    () => attempt(`replace ${somewhere()}`, (path) => files.replace(path, text())),
    () => attempt(`remove ${somewhere()}`, (path) => files.remove(path)),
    () => attempt(`remove /root/${random.pick(FOLDERS)}`, (path) => files.remove(path)),
    () => attempt(`link ${somewhere()}`, (path) => files.link(path, random.pick(TARGETS))),
    () => attempt(`link /root/${random.pick(FOLDERS)}`, (path) => files.link(path, random.pick(TARGETS))),
    () => attempt(`touch ${somewhere()}`, (path) => files.touch(path, files.now - random.integer(0, 3) * 1_000)),
    () => attempt(`rename ${somewhere()}`, (path) => files.rename(path, somewhere())),
    () => attempt(`folder ${somewhere()}`, (path) => files.folder(path)),
    () => attempt(`lock ${somewhere()}`, (path) => files.lock(path)),
    () => attempt('write /root/w/a.c', (path) => files.write(path, `#include "x.h"\n${text()}`)),
    () => attempt('write /root/w/a.o', (path) => files.write(path, 'object')),
  ]
  const clock = { now: () => files.now, wallTime: () => files.now, sleep: () => Promise.resolve() }
  const unused = () => {
    throw new Error('edits come from chance')
  }
  const disk: Disk = {
    root: '/root',
    files,
    clock,
    write: unused,
    replace: unused,
    remove: unused,
    link: unused,
    rename: unused,
    mtimeMs: unused,
    setMtime: unused,
    settle: () => files.settle(),
    dispose: () => undefined,
  }
  files.write('/root/w/a.c', '#include "x.h"\n')
  files.folder('/root/sys')
  return {
    disk,
    edit: () => random.pick(edits)(),
    pass: () => {
      const ms = random.pick([0, 0, 1, 10, 1_000, 60_000])
      files.now += ms
      return `${ms} ms`
    },
  }
}

/** Edits that make no sense where things stand, such as to write into a file, are left out. */
function attempt(what: string, edit: (path: string) => void): string {
  try {
    edit(what.slice(what.indexOf('/')))
    return what
  } catch {
    return `no ${what}`
  }
}
