import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileView } from '../../../../src/compiler/includes/file-view.ts'
import { PrecompiledInputs } from '../../../../src/compiler/includes/precompiled-inputs.ts'
import type { Answer } from '../../../../src/compiler/toolchain-process.ts'
import { MemoryFiles } from './memory-files.ts'

const TOLD = [
  "Information for module file 'x.pch':",
  '  Module format: raw',
  '  Input file: /ws/pre.h',
  '  Input file: /ws/odd [name].h [System]',
  '  Input file: /usr/include/stdio.h [System, Overridden]',
  '',
].join('\n')
const GOOD: Answer = { exitCode: 0, stdout: TOLD, stderr: '' }
const INPUTS = ['/ws/pre.h', '/ws/odd [name].h', '/usr/include/stdio.h']

/** A folder with two precompiled headers, and a clang that gives the same answer about each. */
function bench({ answer }: { readonly answer: Answer | undefined } = { answer: GOOD }) {
  const files = new MemoryFiles()
  files.write('/ws/a.pch', 'a')
  files.write('/ws/b.pch', 'b')
  files.settle()
  const questions: string[] = []
  const ask = async (argv: readonly string[]) => {
    questions.push(argv.join(' '))
    return answer
  }
  const view = new FileView({
    files,
    clock: { now: () => files.now, wallTime: () => files.now, sleep: async () => {} },
  })
  const inputs = new PrecompiledInputs({ files: view, processes: { ask } })
  let epoch = 0
  const find = (...names: readonly string[]) => {
    epoch += 1
    return inputs.find({ names, compiler: '/usr/bin/clang', cwd: '/ws', epoch })
  }
  return { files, questions, find }
}

test('clang is asked once of each what it was made of, however it is called', async () => {
  const { questions, find } = bench()
  assert.deepEqual(await find('a.pch'), INPUTS)
  assert.deepEqual(find('/ws/a.pch'), INPUTS, 'the second time at once')
  assert.deepEqual(await Promise.all([find('b.pch', 'a.pch'), find('b.pch')]), [[...INPUTS, ...INPUTS], INPUTS])
  const asked = (path: string) => `/usr/bin/clang -cc1 -module-file-info ${path}`
  assert.deepEqual(questions, [asked('/ws/a.pch'), asked('/ws/b.pch')])
})

test('one that was made anew is asked of anew', async () => {
  const { files, questions, find } = bench()
  await find('a.pch')
  files.write('/ws/a.pch', 'another')
  assert.deepEqual(await find('a.pch'), INPUTS)
  assert.equal(questions.length, 2)
})

test('one that is not there is not asked of', async () => {
  const { questions, find } = bench()
  assert.equal(await find('c.pch'), undefined)
  assert.deepEqual(questions, [])
})

for (const [what, answer] of [
  ['does not answer', undefined],
  ['fails', { exitCode: 1, stdout: TOLD, stderr: '' }],
  ['names nothing', { exitCode: 0, stdout: '  Module format: obj\n', stderr: '' }],
  ['names a file by a path that depends on where it was', { exitCode: 0, stdout: '  Input file: pre.h\n', stderr: '' }],
] as const) {
  test(`nothing is known when clang ${what}`, async () => {
    const { questions, find } = bench({ answer })
    assert.equal(await find('a.pch'), undefined)
    assert.equal(await find('a.pch', 'b.pch'), undefined)
    assert.equal(questions.length, 2)
  })
}
