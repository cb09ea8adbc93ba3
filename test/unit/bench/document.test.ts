import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { barPlot } from '../../../bench/document/bar-plot.ts'
import { benchDocument } from '../../../bench/document/bench-document.ts'
import { figure, ratio } from '../../../bench/document/figures.ts'
import { plotsOf } from '../../../bench/document/plots.ts'
import { tableSection } from '../../../bench/document/table-section.ts'
import { isSuiteResult, type Row, type SuiteResult, type Table } from '../../../bench/results.ts'

const TABLE: Table = {
  title: 'hello.c',
  unit: 'ms',
  rows: [
    row('plain', [20, 22]),
    row('distcc', [40, 60], 5),
    row('icecc', [50, 70], 5),
    row('hybridgrid', [30, 36], 4, 1),
  ],
  goals: [{ contender: 'hybridgrid', atMost: 0.9, over: ['distcc', 'icecc'] }],
  notes: [],
  at: null,
}

describe('a table of the document', () => {
  test('has medians, spread, ratios within rounds, and compiles remote and at home', () => {
    const section = tableSection(TABLE)
    assert.match(section, /^\| distcc \| 50\.0 \| 40\.0 – 60\.0 \| 2 \| 0\.68 \| 5 \| 0 \|$/m)
    assert.match(section, /^\| \*\*hybridgrid\*\* \| 33\.0 \| 30\.0 – 36\.0 \| 2 \| {2}\| 4 \| 1 \|$/m)
  })

  test('holds a goal against the better of those it names', () => {
    assert.match(
      tableSection(TABLE),
      /at most 0\.9 × the better of distcc, icecc: 0\.68 × distcc, reached \(2 rounds, 0\.60 – 0\.75\)\./,
    )
    const slow = { ...TABLE, rows: [...TABLE.rows.slice(0, 3), row('hybridgrid', [50, 70])] }
    assert.match(tableSection(slow), /1\.21 × distcc, \*\*not reached\*\* \(2 rounds, 1\.17 – 1\.25\)\./)
  })

  test('says of a goal when its rounds do not agree', () => {
    const mixed = { ...TABLE, rows: [...TABLE.rows.slice(0, 3), row('hybridgrid', [20, 66])] }
    assert.match(tableSection(mixed), /0\.80 × distcc, reached \(2 rounds, 0\.50 – 1\.10; 1 above the goal\)\./)
    const worse = { ...TABLE, rows: [...TABLE.rows.slice(0, 3), row('hybridgrid', [34, 66])] }
    assert.match(tableSection(worse), /0\.98 × distcc, \*\*not reached\*\* \(.*; 1 within the goal\)\./)
  })

  test('says of a goal that only one round speaks for it', () => {
    const rows = [row('distcc', [40, 60]), row('icecc', [50, 70]), row('hybridgrid', [30])]
    assert.match(tableSection({ ...TABLE, rows }), /0\.75 × distcc, reached \(one round only\)\./)
    assert.doesNotMatch(tableSection(TABLE), /one round/)
  })

  test('what was kept before compiles at home were counted has no column for them', () => {
    const rows = TABLE.rows.map((each) => ({
      ...each,
      runs: each.runs.map((run) => ({ ...run, alongside: undefined })),
    }))
    assert.doesNotMatch(tableSection({ ...TABLE, rows }), /at home/)
  })

  test('names a run that fell back and leaves it out of every figure', () => {
    const fallen = { value: 1000, fault: '5 compiles fell back to the client', remote: 0, alongside: 0 }
    const distcc = row('distcc', [40], 5)
    const rows = [{ ...distcc, runs: [...distcc.runs, fallen] }, row('hybridgrid', [30, 36], 5)]
    const section = tableSection({ ...TABLE, rows, goals: [] })
    assert.match(section, /^\| distcc \| 40\.0 \| 40\.0 – 40\.0 \| 1 of 2 \| 0\.75 \|/m)
    assert.match(section, /^- Not counted: distcc in round 2 \(1000\): 5 compiles fell back to the client$/m)
  })

  test('has a dash and a reason for what cannot be done', () => {
    const unable = { contender: 'hybridgrid', runs: [], missing: 'it has no cache that answers here' }
    const section = tableSection({ ...TABLE, rows: [row('distcc', [40]), unable] })
    assert.match(section, /^\| \*\*hybridgrid\*\* \| - \| - \| 0 of 0 \| - \|$/m)
    assert.match(section, /^- hybridgrid: it has no cache that answers here$/m)
    assert.match(section, /cannot be said yet/)
  })
})

describe('the document', () => {
  const words = [{ name: 'single-file', title: 'One file', question: 'How long?', rounds: { full: 2 } }]

  test('tells where, when and at which revision each suite was measured, and how its contenders are set up', () => {
    const text = benchDocument(words, [RESULT], [{ suite: 'single-file', path: 'benchmarks/single-file-1.svg' }])
    assert.match(text, /^## One file$/m)
    assert.match(text, /Measured 2026-01-02 at revision `abc` in 9 s on a machine\./)
    assert.match(text, /!\[One file\]\(benchmarks\/single-file-1\.svg\)/)
    assert.match(text, /\*\*distcc\*\* \(distcc 3\.4\)\n- with a server on each worker/)
    assert.doesNotMatch(text, /quick look/)
  })

  test('says so of a quick look, and names what was compiled in it', () => {
    const quick = { title: 'Half a file', question: 'How soon?' }
    const [suite] = words
    assert.ok(suite)
    const text = benchDocument([{ ...suite, quick }], [{ ...RESULT, quick: true }], [])
    assert.match(text, /quick look: too few rounds/)
    assert.match(text, /^## Half a file\n\nHow soon\?/m)
    assert.doesNotMatch(benchDocument([{ ...suite, quick }], [RESULT], []), /Half a file/)
  })

  test('says how many rounds are lacking, and that tables are', () => {
    const [suite] = words
    assert.ok(suite)
    const unsure = [{ ...suite, rounds: { full: 5 } }]
    assert.match(benchDocument(unsure, [RESULT], []), /In 2 of the 5 rounds that it takes unless told\./)
    assert.doesNotMatch(benchDocument(words, [RESULT], []), /rounds that it takes|broke off/)
    const broken = { ...RESULT, failure: 'the disk is full' }
    assert.match(benchDocument(words, [broken], []), /It broke off, and tables are missing:\*\* the disk is full/)
  })

  test('has no section for what was never measured, and names it, as what there was no time for', () => {
    assert.match(benchDocument(words, [], []), /^Left out this time: `single-file`\.$/m)
    assert.doesNotMatch(benchDocument(words, [], []), /One file/)
    assert.match(
      benchDocument(words, [RESULT], [], ['single-file']),
      /^Left out this time: `single-file` \(below as measured before\)\.$/m,
    )
    assert.doesNotMatch(benchDocument(words, [RESULT], []), /Left out/)
  })

  test('sums up how long all suites took', () => {
    const results = [RESULT, { ...RESULT, suite: 'micro', seconds: 231 }]
    assert.match(benchDocument(words, results, []), /^The suites below took 4 min in all\.$/m)
  })

  test('says of contenders what the newest result does, wherever it stands', () => {
    const older = { ...RESULT, suite: 'micro', takenAt: '2026-01-01T10:00:00.000Z' }
    const results = [
      RESULT,
      { ...older, contenders: [{ name: 'distcc', version: 'distcc 3.4', settings: ['as ever'] }] },
    ]
    assert.match(benchDocument(words, results, []), /\*\*distcc\*\* \(distcc 3\.4\)\n- with a server on each worker/)
    assert.doesNotMatch(benchDocument(words, results, []), /as ever/)
  })

  test('what is kept as JSON is known again, and nothing else', () => {
    const kept: unknown = JSON.parse(JSON.stringify(RESULT))
    assert.ok(isSuiteResult(kept))
    assert.ok(isSuiteResult({ ...RESULT, failure: undefined }))
    const before = { contender: 'plain', runs: [{ value: 1, fault: null, remote: null }], missing: null }
    assert.ok(isSuiteResult({ ...RESULT, tables: [{ ...TABLE, rows: [before] }] }))
    assert.equal(isSuiteResult({ ...RESULT, tables: [{ title: 'hello.c' }] }), false)
  })
})

describe('figures and plots', () => {
  test('a small ratio has three digits too', () => {
    assert.deepEqual([undefined, 0, 0.002192, 0.0767, 0.1, 1.351].map(ratio), [
      '-',
      '0.00',
      '0.00219',
      '0.0767',
      '0.10',
      '1.35',
    ])
  })

  test('three digits count', () => {
    assert.deepEqual([0, 0.1234, 1.2345, 12.345, 123.45, 1234.5].map(figure), [
      '0',
      '0.12',
      '1.23',
      '12.3',
      '123',
      '1235',
    ])
  })

  test('a plot is an SVG with a bar for each contender that has values', async () => {
    const svg = await barPlot({ ...TABLE, rows: [...TABLE.rows, { contender: 'unable', runs: [], missing: 'no' }] })
    assert.match(svg, /^<svg [^>]*xmlns/)
    for (const name of ['plain', 'distcc', 'icecc', 'hybridgrid']) assert.ok(svg.includes(`>${name}</text>`), name)
    assert.doesNotMatch(svg, />unable</)
  })

  test('tables that differ in one number are lines, the others bars', async () => {
    const tables = [1, 2].map((at) => ({ ...TABLE, title: `${at} workers`, at }))
    const plots = await plotsOf({ ...RESULT, tables: [TABLE, ...tables] })
    assert.deepEqual(
      plots.map(({ name }) => name),
      ['single-file-1.svg', 'single-file-2.svg'],
    )
    assert.match(plots[1]?.svg ?? '', /time \(ms\), by workers/)
  })
})

const RESULT: SuiteResult = {
  suite: 'single-file',
  quick: false,
  takenAt: '2026-01-02T10:00:00.000Z',
  revision: 'abc',
  machine: 'a machine',
  seconds: 9.2,
  contenders: [{ name: 'distcc', version: 'distcc 3.4', settings: ['with a server on each worker'] }],
  tables: [TABLE],
  failure: null,
}

function row(contender: string, values: readonly number[], remote: number | null = null, atHome = 0): Row {
  const alongside = remote === null ? null : atHome
  return { contender, runs: values.map((value) => ({ value, fault: null, remote, alongside })), missing: null }
}
