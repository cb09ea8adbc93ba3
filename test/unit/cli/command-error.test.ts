import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandError, tellError } from '../../../src/cli/command-error.ts'
import { EXIT } from '../../../src/cli/exit-codes.ts'

function told(error: unknown) {
  const lines: string[] = []
  const exit = tellError(error, { err: (text) => lines.push(text) })
  return { exit, text: lines.join('') }
}

test('what was to be expected is told in two lines', () => {
  const { exit, text } = told(new CommandError(EXIT.noNode, 'no node', 'start one'))
  assert.deepEqual([exit, text], [EXIT.noNode, 'error: no node\n  hint: start one\n'])
})

for (const code of ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM']) {
  test(`${code} is the system's word, and no fault of ours`, () => {
    const { exit, text } = told(Object.assign(new Error(`${code}: no, mkdir '/state'`), { code }))
    assert.equal(exit, EXIT.failed)
    assert.match(text, new RegExp(`^error: ${code}: no, mkdir '/state'\\n  hint: .*HG_HOME\\n$`))
  })
}

test('what nobody thought of is told with where it happened', () => {
  const { exit, text } = told(new TypeError('x is undefined'))
  assert.equal(exit, EXIT.failed)
  assert.match(text, /^error: x is undefined\n {2}hint: this is a fault in hybridgrid.*\nTypeError: x is undefined\n/)
})
