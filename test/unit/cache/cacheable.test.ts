import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ACTION_PRINTED_MAX_BYTES } from '../../../src/base/limits.ts'
import { clockUse, type EndedCompile, localDate, whyNotKept, whyNotSought } from '../../../src/cache/cacheable.ts'

const NONE = { usesDate: false, usesTime: false, usesTimestamp: false }
const ALL = { usesDate: true, usesTime: true, usesTimestamp: true }
const NOON = new Date(2030, 0, 31, 12).getTime()
const SECOND = 1_000
const LONG_AGO = { mtimeMs: NOON - 3_600 * SECOND, ctimeMs: NOON - 3_600 * SECOND }

/** A compile of five seconds that may be kept, but for what is said. */
function kept(other: Partial<EndedCompile> = {}): EndedCompile {
  return {
    clock: NONE,
    exitCode: 0,
    printedBytes: 0,
    readFrom: 'files',
    began: { now: 100, wallTime: NOON },
    ended: { now: 100 + 5 * SECOND, wallTime: NOON + 5 * SECOND },
    inputs: [LONG_AGO],
    ...other,
  }
}

test('a compile that ended well, of files at rest, is kept', () => assert.equal(whyNotKept(kept()), undefined))

test('a compile whose input was written just before is kept, where times are parts of seconds', () => {
  assert.equal(whyNotKept(kept({ inputs: [at(-3)] })), undefined)
})

describe('a compile is not kept', () => {
  const rows: readonly (readonly [string, Partial<EndedCompile>, ReturnType<typeof whyNotKept>])[] = [
    ['that failed', { exitCode: 1 }, 'failed'],
    ['that a signal ended', { exitCode: undefined }, 'failed'],
    ['that prints floods', { printedBytes: ACTION_PRINTED_MAX_BYTES + 1 }, 'prints-much'],
    ['that tells the time', { clock: { ...NONE, usesTime: true } }, 'tells-time'],
    ['that tells when a file changed', { clock: { ...NONE, usesTimestamp: true } }, 'tells-timestamp'],
    ['with an input changed meanwhile', { inputs: [LONG_AGO, at(2 * SECOND)] }, 'inputs-changing'],
    [
      'with an input changed just before, where times are whole seconds',
      { inputs: [at(-1 * SECOND)] },
      'inputs-changing',
    ],
    ['with an input changed just after it began', { inputs: [at(3)] }, 'inputs-changing'],
    [
      'with an input changed and its time set back',
      { inputs: [{ ...LONG_AGO, ctimeMs: NOON + SECOND }] },
      'inputs-changing',
    ],
    [
      'with an input changed where there is no ctime',
      { inputs: [{ ...LONG_AGO, mtimeMs: NOON + SECOND }] },
      'inputs-changing',
    ],
    [
      'while the clock was set back',
      { ended: { now: 100 + 5 * SECOND, wallTime: NOON - 3_600 * SECOND } },
      'clock-set',
    ],
    [
      'while the clock was set forward',
      { ended: { now: 100 + 5 * SECOND, wallTime: NOON + 3_600 * SECOND } },
      'clock-set',
    ],
  ]
  for (const [name, other, why] of rows) test(name, () => assert.equal(whyNotKept(kept(other)), why))

  test('that tells the date, over midnight', () => {
    const midnight = new Date(2030, 1, 1).getTime()
    const [began, ended] = [
      { now: 0, wallTime: midnight - SECOND },
      { now: 2 * SECOND, wallTime: midnight + SECOND },
    ]
    assert.equal(whyNotKept(kept({ clock: { ...NONE, usesDate: true }, began, ended })), 'date-changed')
    assert.equal(whyNotKept(kept({ began, ended })), undefined)
  })
})

describe('a compile is kept', () => {
  const rows: readonly (readonly [string, Partial<EndedCompile>])[] = [
    ['that read copies, whatever became of the files', { readFrom: 'copies', inputs: [at(SECOND)] }],
    [
      'that read copies while the clock was set',
      { readFrom: 'copies', ended: { now: 200, wallTime: NOON + 3_600 * SECOND } },
    ],
    ['of files dated years ahead', { inputs: [{ ...LONG_AGO, mtimeMs: NOON + 1e11 }] }],
    ['that tells the date', { clock: { ...NONE, usesDate: true } }],
  ]
  for (const [name, other] of rows) test(name, () => assert.equal(whyNotKept(kept(other)), undefined))
})

function at(afterMs: number) {
  return { mtimeMs: NOON + afterMs, ctimeMs: NOON + afterMs }
}

describe('the clocks of a compile', () => {
  const used = (inFiles: typeof NONE, ...args: string[]) => {
    const { usesDate, usesTime, usesTimestamp } = clockUse(inFiles, args)
    return [usesDate && 'date', usesTime && 'time', usesTimestamp && 'timestamp'].filter(Boolean).join(' ')
  }

  test('are those of its files', () => {
    assert.equal(used(NONE, '-O2'), '')
    assert.equal(used(ALL, '-O2'), 'date time timestamp')
  })

  test('are none that the command line defines', () => {
    assert.equal(used(ALL, '-D__DATE__="x"', '-D', '__TIME__="y"', '-D__TIMESTAMP__'), '')
    assert.equal(used(ALL, '-D__DATE__='), 'time timestamp')
  })

  test('are those that the command line names', () => {
    assert.equal(used(NONE, '-DBUILT=__TIME__'), 'time')
    assert.equal(used(NONE, '-D', 'BUILT=__DATE__" "__TIME__'), 'date time')
    assert.equal(used(NONE, '-D__DATE__=__TIMESTAMP__'), 'timestamp')
    assert.equal(used(NONE, '-Wp,-DBUILT=__TIME__'), 'time')
  })

  test('are not defined by what only begins like one', () => {
    assert.equal(used(ALL, '-D__DATE__X=1', '-U__TIME__', '-D__TIMESTAMP__(x)=1'), 'date time timestamp')
  })
})

test('only compiles that tell neither time nor times of files are looked for', () => {
  assert.equal(whyNotSought(NONE), undefined)
  assert.equal(whyNotSought({ ...NONE, usesDate: true }), undefined)
  assert.equal(whyNotSought({ ...NONE, usesTime: true }), 'tells-time')
  assert.equal(whyNotSought({ ...NONE, usesTimestamp: true }), 'tells-timestamp')
})

test('the date is that of the place', () => assert.equal(localDate(NOON), '2030-01-31'))
