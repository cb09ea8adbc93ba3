import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AgingMap } from '../../../../src/compiler/includes/aging-map.ts'
import { FileView } from '../../../../src/compiler/includes/file-view.ts'
import { isSettled } from '../../../../src/compiler/includes/settled.ts'
import { MemoryFiles } from './memory-files.ts'

function viewOf(files: Readonly<Record<string, string>>): { view: FileView; memory: MemoryFiles } {
  const memory = new MemoryFiles()
  for (const [path, text] of Object.entries(files)) memory.write(path, text)
  const clock = { now: () => memory.now, wallTime: () => memory.now, sleep: () => Promise.resolve() }
  return { view: new FileView({ files: memory, clock }), memory }
}

describe('a file', () => {
  test('is looked at once in an epoch, and read once for good when it is at rest', () => {
    const { view, memory } = viewOf({ '/a.h': 'one' })
    memory.settle()
    for (const epoch of [1, 1, 1, 2, 3]) view.content(view.lookup('/a.h', epoch))
    assert.equal(memory.calls.read, 1)
    // Three looks at the file and at its folder, and one that makes sure that nothing changed while it was read.
    assert.equal(memory.calls.stat, 7)
  })

  test('is read anew while its times prove nothing yet', () => {
    const { view, memory } = viewOf({ '/a.h': 'one' })
    const digest = view.content(view.lookup('/a.h', 1))?.digest
    memory.write('/a.h', 'two')
    const entry = view.lookup('/a.h', 2)
    assert.notEqual(view.content(entry)?.digest, digest)
    memory.settle()
    for (const epoch of [3, 4, 5]) view.content(view.lookup('/a.h', epoch))
    assert.equal(memory.calls.read, 3)
  })

  test('that changes between the look and the reading has the times of after', () => {
    const { view, memory } = viewOf({ '/a.h': 'one' })
    memory.settle()
    const entry = view.lookup('/a.h', 1)
    memory.write('/a.h', 'two')
    const { version } = entry
    assert.ok(view.content(entry) !== undefined)
    assert.equal(entry.stat?.mtimeMs, memory.now - (memory.now % 4))
    assert.notEqual(entry.version, version)
    memory.write('/a.h', 'six')
    assert.equal(view.bytes(view.lookup('/a.h', 2))?.length, 3)
    assert.equal(memory.read('/a.h', 9)?.toString(), view.bytes(entry)?.toString())
  })

  test('is not scanned unless someone asks what it says of others', () => {
    const { view, memory } = viewOf({ '/a.bin': '#include "b.h"\n' })
    memory.settle()
    const entry = view.lookup('/a.bin', 1)
    view.content(entry)
    assert.equal(memory.calls.read, 1)
    assert.equal(view.scan(entry)?.requests.length, 1)
    view.scan(entry)
    assert.equal(memory.calls.read, 2)
  })

  test('gives no bytes that are not those of its digest', () => {
    const { view, memory } = viewOf({ '/a.h': 'one' })
    memory.settle()
    const entry = view.lookup('/a.h', 1)
    view.content(entry)
    memory.write('/a.h', 'two')
    assert.equal(view.bytes(entry), undefined)
  })

  test('that cannot be looked at is in the way; what is no file is, too', () => {
    const { view, memory } = viewOf({})
    memory.lock('/locked')
    memory.folder('/folder')
    assert.equal(view.lookup('/locked', 1).state, 'blocked')
    assert.equal(view.lookup('/folder', 1).state, 'folder')
    assert.equal(view.lookup('/none/at/all', 1).state, 'absent')
  })
})

describe('absent files', () => {
  test('are asked for one by one at first, then told by a list of their folder', () => {
    const { view, memory } = viewOf({ '/i/a.h': '' })
    memory.settle()
    for (let index = 0; index < 100; index += 1) view.lookup(`/i/${index}.h`, 1)
    assert.equal(memory.calls.list, 1)
    assert.ok(memory.calls.stat < 20, `${memory.calls.stat} stats`)
    assert.equal(view.lookup('/i/a.h', 1).state, 'file')
  })

  test('are not told by a list that may be out of date: while the folder is being written to', () => {
    const { view, memory } = viewOf({ '/i/a.h': '' })
    for (let index = 0; index < 100; index += 1) view.lookup(`/i/${index}.h`, 1)
    assert.equal(memory.calls.list, 0)
  })

  test('are asked for again once something came or went in the folder', () => {
    const { view, memory } = viewOf({ '/i/a.h': '' })
    memory.settle()
    for (let index = 0; index < 100; index += 1) view.lookup(`/i/${index}.h`, 1)
    memory.write('/i/7.h', '')
    assert.equal(view.lookup('/i/7.h', 2).state, 'file')
    assert.equal(view.lookup('/i/8.h', 2).state, 'absent')
  })

  test('in an absent folder cost nothing more', () => {
    const { view, memory } = viewOf({})
    for (let index = 0; index < 100; index += 1) view.lookup(`/none/${index}.h`, 1)
    assert.equal(memory.calls.stat, 1)
  })
})

describe('times are at rest', () => {
  test('when any change from now on would show in them', () => {
    assert.ok(isSettled({ mtimeMs: 0, ctimeMs: 0 }, 10_000))
    assert.ok(!isSettled({ mtimeMs: 0, ctimeMs: 9_000 }, 10_000))
    assert.ok(!isSettled({ mtimeMs: 9_000, ctimeMs: 0 }, 10_000))
    assert.ok(!isSettled({ mtimeMs: 0, ctimeMs: 20_000 }, 10_000), 'a clock that went back')
    assert.ok(isSettled({ mtimeMs: 20_000, ctimeMs: 0 }, 10_000), 'a file from the future')
  })
})

describe('a map that ages', () => {
  test('keeps what was used last, and at most twice its measure', () => {
    const map = new AgingMap<number, number>(10)
    for (let key = 0; key < 1_000; key += 1) {
      map.set(key, key)
      map.get(0)
    }
    const kept = Array.from({ length: 1_000 }, (_, key) => key).filter((key) => map.get(key) !== undefined)
    assert.ok(kept.length <= 20, `${kept.length} kept`)
    for (const key of [0, 999, 998, 991]) assert.ok(kept.includes(key), `${key}`)
  })

  test('forgets what it is told to', () => {
    const map = new AgingMap<string, number>(1)
    map.set('old', 1)
    map.set('young', 2)
    map.delete('old')
    map.delete('young')
    assert.deepEqual([map.get('old'), map.get('young')], [undefined, undefined])
  })
})
