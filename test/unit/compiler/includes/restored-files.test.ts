import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sha256 } from '../../../../src/base/digest.ts'
import { FileView } from '../../../../src/compiler/includes/file-view.ts'
import type { SavedFile } from '../../../../src/compiler/includes/saved-memory.ts'
import type { FileMark } from '../../../../src/compiler/includes/sync-files.ts'
import { MemoryFiles } from './memory-files.ts'

const TEXT = '#include "b.h"\n'

/** A view on a machine on which `/a.h` has been at rest for a minute, or was just written. */
function viewOn(memory: MemoryFiles, saved: Iterable<SavedFile> = []): FileView {
  const clock = { now: () => memory.now, wallTime: () => memory.now, sleep: () => Promise.resolve() }
  return new FileView({ files: memory, clock, saved: new Map([...saved].map((file) => [file.path, file])) })
}

/** Such a machine, and what a node has left there that read the file. */
function leftBehind(): { memory: MemoryFiles; saved: readonly SavedFile[] } {
  const memory = new MemoryFiles()
  memory.write('/a.h', TEXT)
  memory.settle()
  const view = viewOn(memory)
  view.scan(view.lookup('/a.h', 1))
  memory.calls.read = 0
  return { memory, saved: [...view.saved()] }
}

describe('a file that an earlier node has read', () => {
  test('is not read again while it is the same', () => {
    const { memory, saved } = leftBehind()
    const view = viewOn(memory, saved)
    for (const epoch of [1, 2]) {
      const entry = view.lookup('/a.h', epoch)
      assert.deepEqual(view.content(entry), { digest: sha256(TEXT), bytes: TEXT.length })
      assert.deepEqual(
        view.scan(entry)?.requests.map(({ name }) => name),
        ['b.h'],
      )
    }
    assert.equal(memory.calls.read, 0)
    assert.equal(view.reads, 0)
    assert.deepEqual(
      [...view.saved()].map(({ path, scan }) => [path, scan?.requests.length]),
      [['/a.h', 1]],
    )
  })

  test('is read for what it says of others when only its digest was kept', () => {
    const { memory, saved } = leftBehind()
    const view = viewOn(
      memory,
      saved.map((file) => ({ ...file, scan: undefined })),
    )
    const entry = view.lookup('/a.h', 1)
    assert.equal(view.content(entry)?.digest, sha256(TEXT))
    assert.equal(memory.calls.read, 0)
    assert.equal(view.scan(entry)?.requests.length, 1)
    assert.equal(memory.calls.read, 1)
  })

  const others: readonly Partial<FileMark>[] = [
    { dev: 2 },
    { ino: 999 },
    { size: TEXT.length + 1 },
    { mtimeMs: 1_600_000_000_000.25 },
    { ctimeMs: 1_600_000_000_000 },
    { link: 'c.h' },
  ]
  for (const other of others) {
    test(`is read when it had another ${Object.keys(other)}`, () => {
      const { memory, saved } = leftBehind()
      const wrong = saved.map((file) => ({ ...file, digest: sha256('old'), mark: { ...file.mark, ...other } }))
      const view = viewOn(memory, wrong)
      const entry = view.lookup('/a.h', 1)
      assert.equal(view.scan(entry)?.requests.length, 1)
      assert.equal(view.content(entry)?.digest, sha256(TEXT))
      assert.equal(memory.calls.read, 1)
      assert.deepEqual(
        [...view.saved()].map(({ digest }) => digest),
        [sha256(TEXT)],
      )
    })
  }

  test('is read when the clock was set back behind its times, which prove nothing then', () => {
    const { memory, saved } = leftBehind()
    memory.now -= 120_000
    const view = viewOn(memory, saved)
    view.content(view.lookup('/a.h', 1))
    assert.equal(memory.calls.read, 1)
  })

  test('is the file at the end of the link that is there now', () => {
    const memory = new MemoryFiles()
    memory.write('/one.h', 'one')
    memory.write('/two.h', 'two')
    memory.link('/a.h', 'one.h')
    memory.settle()
    const first = viewOn(memory)
    first.content(first.lookup('/a.h', 1))
    memory.remove('/a.h')
    memory.link('/a.h', 'two.h')
    const view = viewOn(memory, first.saved())
    assert.equal(view.content(view.lookup('/a.h', 1))?.digest, sha256('two'))
  })

  test('is passed on by a node that had no use for it, and not when it has changed', () => {
    const { memory, saved } = leftBehind()
    assert.deepEqual([...viewOn(memory, saved).saved()], saved)
    memory.write('/a.h', 'another')
    const view = viewOn(memory, saved)
    view.content(view.lookup('/a.h', 1))
    assert.deepEqual([...view.saved()], [])
  })

  test('is not kept while its times prove nothing, and once they do', () => {
    const memory = new MemoryFiles()
    memory.write('/a.h', TEXT)
    const view = viewOn(memory)
    view.scan(view.lookup('/a.h', 1))
    assert.deepEqual([[...view.saved()], view.reads], [[], 0])
    memory.settle()
    view.scan(view.lookup('/a.h', 2))
    assert.deepEqual([[...view.saved()].length, view.reads], [1, 1])
  })
})
