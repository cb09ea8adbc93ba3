import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sha256 } from '../../../../src/base/digest.ts'
import {
  decodeMemory,
  encodeMemory,
  NOTHING_SAVED,
  type SavedMemory,
} from '../../../../src/compiler/includes/saved-memory.ts'
import { type TreeBench, treeBench, treeBenchOver } from './tree-bench.ts'

const FILES = { '/ws/a.c': '#include "a.h"\n#include <sys.h>\n', '/ws/a.h': '\n', '/usr/include/sys.h': '\n' }

/** What a builder leaves, as it comes back from the disk. */
function left({ builder }: TreeBench): SavedMemory {
  return decodeMemory(encodeMemory(builder.memory(), ''), '') ?? NOTHING_SAVED
}

/** A builder that has made a tree; `/usr/lib/gcc/12` and the folders around it are at rest. */
async function builtOnce(): Promise<TreeBench> {
  const bench = treeBench({ ...FILES, '/usr/lib/gcc/12/include/stddef.h': '\n' })
  const { answer } = bench.world
  assert.ok(answer)
  const stderr = answer.stderr.replace(' /usr/include', ' /usr/lib/gcc/12/include\n /usr/include')
  bench.world.answer = { ...answer, stderr }
  await bench.tree('-c', 'a.c')
  assert.equal(bench.questions.length, 1)
  return bench
}

describe('after a restart', () => {
  test('a tree is the same, no file is read and no compiler asked', async () => {
    const before = await builtOnce()
    const { tree } = await before.tree('-c', 'a.c')
    before.files.calls.read = 0
    const after = treeBenchOver(before.files, left(before))
    assert.deepEqual((await after.tree('-c', 'a.c')).tree, tree)
    assert.deepEqual([after.questions, after.files.calls.read, after.builder.learned], [[], 0, 0])
    const third = treeBenchOver(before.files, left(after))
    assert.deepEqual((await third.tree('-c', 'a.c')).tree, tree)
    assert.deepEqual([third.questions, third.files.calls.read], [[], 0])
  })

  test('a header that was edited meanwhile is read, and only that', async () => {
    const before = await builtOnce()
    before.files.write('/ws/a.h', '#')
    before.files.calls.read = 0
    const after = treeBenchOver(before.files, left(before))
    const { tree } = await after.tree('-c', 'a.c')
    assert.equal(tree.files.find(({ path }) => path === '/ws/a.h')?.digest, sha256('#'))
    assert.deepEqual([after.questions, after.files.calls.read], [[], 1])
  })

  const changes: Readonly<Record<string, (bench: TreeBench) => void>> = {
    'a folder has come that it would look in': ({ files }) => files.folder('/usr/local/include'),
    'a folder of it has gone': ({ files }) => files.remove('/usr/lib/gcc/12/include'),
    'another version stands beside one of its folders': ({ files }) => files.folder('/usr/lib/gcc/13/include'),
    'a folder on the way is another': ({ files }) => {
      files.rename('/usr/lib/gcc', '/usr/lib/old')
      files.link('/usr/lib/gcc', 'old')
    },
    'the clock was set back': ({ files }) => {
      files.now -= 120_000
    },
  }
  for (const [change, make] of Object.entries(changes)) {
    test(`a compiler is asked again when ${change}`, async () => {
      const before = await builtOnce()
      before.files.now += 4
      make(before)
      const after = treeBenchOver(before.files, left(before))
      await after.build('-c', 'a.c')
      assert.equal(after.questions.length, 1)
    })
  }

  test('another compiler is asked, and so are another language and target', async () => {
    const before = await builtOnce()
    const after = treeBenchOver(before.files, left(before))
    await after.build('-c', 'a.c', '-m32')
    await after.build('-c', '-xc++', 'a.c')
    after.world.compilerId = 'another compiler'
    await after.build('-c', 'a.c')
    assert.equal(after.questions.length, 3)
  })

  test('nothing is known of a compiler that failed, nor of one that was asked while its folders changed', async () => {
    const failing = treeBench(FILES)
    failing.world.answer = undefined
    await failing.build('-c', 'a.c')
    assert.equal(left(failing).answers.size, 0)
    const busy = treeBench(FILES)
    busy.files.write('/usr/include/new.h', '')
    await busy.tree('-c', 'a.c')
    assert.equal(left(busy).answers.size, 0)
    busy.files.settle()
    const after = treeBenchOver(busy.files, left(busy))
    await after.tree('-c', 'a.c')
    assert.equal(left(after).answers.size, 1)
  })
})
