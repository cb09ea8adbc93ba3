import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { sha256 } from '../../../../src/base/digest.ts'
import { SAVE_MEMORY_INTERVAL_MS, SAVED_MEMORY_MAX_BYTES } from '../../../../src/base/limits.ts'
import { silentLog } from '../../../../src/base/log.ts'
import { NOTHING_SAVED, type SavedFile } from '../../../../src/compiler/includes/saved-memory.ts'
import { MemoryKeeper, readMemory } from '../../../../src/compiler/trees/memory-keeper.ts'
import { SimClock } from '../../../sim/clock.ts'

const MARK = { dev: 1, ino: 2, size: 3, mtimeMs: 4, ctimeMs: 5, link: undefined }

/** A keeper in a folder of its own, and how its trees learn of a file. */
function keeperIn(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'hg-memory-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const init = { file: join(folder, 'state/files.json'), version: '1' }
  const clock = new SimClock()
  const files: SavedFile[] = []
  const said: string[] = []
  const log = { ...silentLog, debug: (message: string) => said.push(message) }
  const trees = {
    get learned() {
      return files.length
    },
    memory: () => ({ files, answers: [] }),
  }
  const learn = (path: string) => files.push({ path, mark: MARK, digest: sha256(path), bytes: 3, scan: undefined })
  const keeper = new MemoryKeeper({ clock, log, trees }, init)
  const known = () => [...readMemory(init).files.keys()]
  /** Files are written outside of simulated time. */
  const knows = async (count: number) => {
    while (known().length !== count) await setImmediate()
  }
  return { folder, init, clock, keeper, learn, known, knows, said }
}

describe('what was learned', () => {
  test('is saved once a minute while there is news, and at the end', async (t) => {
    const { folder, init, clock, keeper, learn, known, knows } = keeperIn(t)
    keeper.start()
    await clock.run(SAVE_MEMORY_INTERVAL_MS)
    assert.deepEqual(known(), [])
    learn('/a.h')
    await clock.run(SAVE_MEMORY_INTERVAL_MS)
    await knows(1)
    const { ino } = statSync(init.file)
    await setImmediate()
    await clock.run(3 * SAVE_MEMORY_INTERVAL_MS)
    assert.equal(statSync(init.file).ino, ino)
    learn('/b.h')
    await keeper.stop()
    assert.deepEqual(known(), ['/a.h', '/b.h'])
    assert.deepEqual(readdirSync(join(folder, 'state')), ['files.json'])
    assert.equal(statSync(init.file).mode & 0o777, 0o600)
    await keeper.stop()
    assert.equal(clock.pending, 0)
  })

  test('is lost without a word where it cannot be written', async (t) => {
    const { folder, keeper, learn, known, said } = keeperIn(t)
    writeFileSync(join(folder, 'state'), 'no folder')
    keeper.start()
    learn('/a.h')
    await keeper.stop()
    assert.deepEqual([known(), said], [[], ['what is known of files could not be saved']])
  })

  test('is nothing where the file is damaged, too large, of another release, or none', async (t) => {
    const { init, keeper, learn, known } = keeperIn(t)
    assert.equal(readMemory(init), NOTHING_SAVED)
    keeper.start()
    learn('/a.h')
    await keeper.stop()
    assert.deepEqual(known(), ['/a.h'])
    assert.equal(readMemory({ ...init, version: '2' }), NOTHING_SAVED)
    const bytes = readFileSync(init.file)
    writeFileSync(init.file, bytes.subarray(0, -1))
    assert.equal(readMemory(init), NOTHING_SAVED)
    writeFileSync(init.file, Buffer.concat([bytes, Buffer.alloc(SAVED_MEMORY_MAX_BYTES)]))
    assert.equal(readMemory(init), NOTHING_SAVED)
    rmSync(init.file)
    mkdirSync(init.file)
    assert.equal(readMemory(init), NOTHING_SAVED)
  })
})
