import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { OPTION_TABLES } from '../../../src/compiler/command-words.ts'
import { CHAPTERS } from '../../integration/oracle/chapters.ts'
import { PROCESS_RULES } from '../../integration/oracle/process-rules.ts'
import { supportDocument } from '../../integration/oracle/support-document.ts'

test('docs/compiler-support.md says what the oracle holds us to', () => {
  const path = join(import.meta.dirname, '../../../docs/compiler-support.md')
  assert.equal(readFileSync(path, 'utf8'), supportDocument(), 'write it anew: node scripts/write-compiler-support.ts')
})

test('what it says of signals and processes, a test shows', () => {
  for (const { file, title } of PROCESS_RULES.map(({ test }) => test)) {
    assert.ok(readFileSync(join(import.meta.dirname, '../../..', file), 'utf8').includes(title), `${file}: ${title}`)
  }
})

test('the oracle is called with hundreds of command lines, and with every reason that a command line can give', () => {
  const rows = Object.values(CHAPTERS).flat()
  assert.ok(rows.length > 250)
  const given = new Set(
    rows
      .flatMap(({ place, textPlace }) => [place, textPlace])
      .map((place) => (place.at === 'local' ? place.reason : place.at)),
  )
  const refusing = Object.values(OPTION_TABLES).flatMap(({ whole }) =>
    [...whole.values()].flatMap(({ meaning }) => {
      if ('local' in meaning) return meaning.local
      return 'stage' in meaning && meaning.needsTree !== undefined ? meaning.needsTree : []
    }),
  )
  assert.deepEqual(
    [...new Set(refusing)].filter((reason) => !given.has(reason)),
    [],
  )
})
