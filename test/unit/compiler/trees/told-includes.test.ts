import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TOLD_INCLUDES_AT_ONCE_MAX } from '../../../../src/base/limits.ts'
import { prerequisites, ToldIncludes } from '../../../../src/compiler/includes/told-includes.ts'
import type { Answer } from '../../../../src/compiler/toolchain-process.ts'
import { compileOf, treeBench } from './tree-bench.ts'

const FILES = {
  '/ws/a.c': '#define F(x) <x.h>\n#include F(deep/x)\n',
  '/usr/include/deep/x.h': '#include "y.h"\n',
  '/usr/include/deep/y.h': '',
  '/ws/inc/z.h': '',
}
const LISTED = 'told: a.c /usr/include/deep/x.h \\\n /usr/include/deep/y.h\n'

describe('an include that only a preprocessor can tell', () => {
  test('is asked of the compiler, and where it was looked for before counts', async () => {
    const bench = treeBench(FILES)
    bench.world.listed = LISTED
    const { tree } = await bench.tree('-c', 'a.c', '-Iinc', '-DX', '-o', 'a.o')
    const paths = tree.files.map(({ path }) => path).sort()
    assert.deepEqual(paths, ['/usr/include/deep/x.h', '/usr/include/deep/y.h', '/ws/a.c'])
    assert.ok(tree.absent.includes('/ws/inc/deep/x.h'), JSON.stringify(tree.absent))
    const asked = bench.questions.filter((argv) => argv.includes('-M')).map((argv) => argv.slice(1).join(' '))
    assert.deepEqual(asked, ['-Iinc -DX -M -MT told -x c a.c'])
  })

  test('is asked again only when something has changed', async () => {
    const bench = treeBench(FILES)
    bench.world.listed = LISTED
    await bench.tree('-c', 'a.c')
    await bench.tree('-c', 'a.c')
    const asked = () => bench.questions.filter((argv) => argv.includes('-M')).length
    assert.equal(asked(), 1)
    bench.files.write('/usr/include/deep/y.h', 'int y;\n')
    await bench.tree('-c', 'a.c')
    assert.equal(asked(), 2)
  })

  test('cannot be told when the compiler does not tell, or tells of what is not there', async () => {
    const bench = treeBench(FILES)
    assert.deepEqual(await bench.build('-c', 'a.c'), { kind: 'unfit', why: 'computed-include' })
    bench.world.listed = 'told: a.c gone.h\n'
    assert.deepEqual(await bench.build('-c', 'a.c'), { kind: 'unfit', why: 'unreadable' })
  })

  test('does not help where one asks whether something is there', async () => {
    const bench = treeBench({ '/ws/a.c': '#define F(x) <x.h>\n#include F(x)\n#if __has_include(F(x))\n#endif\n' })
    bench.world.listed = 'told: a.c\n'
    assert.deepEqual(await bench.build('-c', 'a.c'), { kind: 'unfit', why: 'computed-probe' })
  })
})

test('only so many compilers are asked at once', async () => {
  const waiting: ((answer: Answer) => void)[] = []
  let running = 0
  const ask = () => {
    running += 1
    return new Promise<Answer>((resolve) => waiting.push(resolve)).finally(() => {
      running -= 1
    })
  }
  const told = new ToldIncludes({ processes: { ask } })
  const query = { invocation: compileOf(['-c', 'a.c'], '/ws'), compiler: '/usr/bin/gcc', cwd: '/ws', env: new Map() }
  const answers = Array.from({ length: 3 * TOLD_INCLUDES_AT_ONCE_MAX }, () => told.find(query))
  let most = 0
  for (let done = 0; done < answers.length; ) {
    await new Promise((resolve) => setImmediate(resolve))
    most = Math.max(most, running)
    const next = waiting.shift()
    if (next === undefined) continue
    next({ exitCode: done % 2, stdout: 'told: a.c\n', stderr: '' })
    done += 1
  }
  assert.equal(most, TOLD_INCLUDES_AT_ONCE_MAX)
  const given = await Promise.all(answers)
  assert.equal(given.filter((files) => files === undefined).length, answers.length / 2)
})

test('a rule for make is read as make would', () => {
  const rule = 'told: with\\ space.c $$dollar.h \\\n /usr/include/#odd\\#.h \\\n  c\\:d.h\n'
  assert.deepEqual(prerequisites(rule), ['with space.c', '$dollar.h', '/usr/include/#odd#.h', 'c:d.h'])
  assert.deepEqual(prerequisites('told: \n'), [])
})
