import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { nearest } from '../../../src/base/nearest.ts'
import { summaryLine } from '../../../src/cli/build-summary.ts'
import { nodeBanner } from '../../../src/cli/node-banner.ts'
import { textTable } from '../../../src/cli/text-table.ts'
import { chromeTrace } from '../../../src/cli/trace.ts'
import { counted, duration, elapsed } from '../../../src/cli/wording.ts'
import { STATUS } from './node-status.ts'

suite('what a build is told at its end', () => {
  test('where its compiles ran, and why some stayed', () => {
    const summary = {
      compiles: 142,
      cached: 20,
      byPlace: { pi: 40, 'fast-box': 76 },
      localReasons: { 'peers-busy': 2, 'configure-test': 4 },
      ms: 0,
    }
    assert.equal(
      summaryLine(summary, 12_345),
      '142 compiles: 20 cached, 76 on fast-box, 40 on pi, 6 here (4 configure tests, 2 peers busy) · 12.3 s',
    )
  })

  test('without more words than there is to say', () => {
    assert.equal(
      summaryLine({ compiles: 0, cached: 0, byPlace: {}, localReasons: {}, ms: 0 }, 40),
      'no compiles · 40 ms',
    )
    assert.equal(
      summaryLine({ compiles: 1, cached: 0, byPlace: { pi: 1 }, localReasons: {}, ms: 0 }, 999),
      '1 compile: 1 on pi · 999 ms',
    )
    const localReasons = { a: 5, b: 4, c: 3, d: 2, 'e-f': 1 }
    assert.equal(
      summaryLine({ compiles: 15, cached: 0, byPlace: {}, localReasons, ms: 0 }, 61_000),
      '15 compiles: 15 here (5 a, 4 b, 3 c, 2 d, …) · 1 min 1 s',
    )
  })
})

suite('what a node says when it starts', () => {
  test('where it is', () => {
    assert.equal(
      nodeBanner(STATUS, { port: 9000, httpPort: 8080 }),
      'node pi is running\n  id      12D3\n  nodes   port 9000\n  status  http://127.0.0.1:8080/workers\n  slots   4\n',
    )
  })

  test('which port it took instead', () => {
    const banner = nodeBanner({ ...STATUS, httpPort: 41_234, httpHost: '::1' }, { port: 0, httpPort: 8080 })
    assert.match(banner, /^ {2}status {2}http:\/\/\[::1\]:41234\/workers \(8080 is taken\)$/m)
    assert.match(banner, /^ {2}nodes {3}port 9000$/m)
  })

  test('that the mesh is open, and compiles are not confined', () => {
    const banner = nodeBanner({ ...STATUS, meshOpen: true, mdns: false, sandboxMissing: 'no namespaces' }, STATUS)
    assert.match(banner, /open to the local network: `hg mesh key new` closes it/)
    assert.match(banner, /mDNS is off/)
    assert.match(banner, /not confined \(no namespaces\): see `hg doctor`/)
  })
})

suite('words for people', () => {
  test('durations', () => {
    assert.deepEqual([0, 59_000, 61_000, 7_260_000, 90_000_000].map(duration), [
      '0 s',
      '59 s',
      '1 min 1 s',
      '2 h 1 min',
      '1 d 1 h',
    ])
    assert.deepEqual([0.4, 999, 1000, 59_940, 60_000].map(elapsed), ['0 ms', '999 ms', '1.0 s', '59.9 s', '1 min 0 s'])
    assert.deepEqual([counted(1, 'peer'), counted(2, 'peer')], ['1 peer', '2 peers'])
  })

  test('tables', () => {
    assert.equal(
      textTable([
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'cc'],
      ]),
      'a    bb  c\naaa  b   cc\n',
    )
  })

  test('what was meant by a slip of the hand', () => {
    assert.equal(nearest('peesr', ['peers', 'jobs']), 'peers')
    assert.equal(nearest('stat', ['start', 'stop', 'status']), 'start')
    assert.equal(nearest('xyz', ['peers', 'jobs']), undefined)
    assert.equal(nearest('ab', ['c']), undefined)
  })
})

test('a trace has a row for each compile that ran at once in a place', () => {
  const job = {
    build: 'x',
    subject: 'a.c',
    compile: true,
    peer: 'pi',
    way: 'tree',
    cache: null,
    reason: null,
    miss: null,
  }
  const { traceEvents } = chromeTrace([
    { ...job, startedAt: 10, phases: { totalMs: 5 } },
    { ...job, startedAt: 0, phases: { totalMs: 10 } },
    { ...job, startedAt: 5, phases: { totalMs: 10 } },
    { ...job, startedAt: 6, phases: { totalMs: 1 }, peer: null, reason: 'peers-busy' },
    { ...job, startedAt: 7, phases: { totalMs: 1 }, peer: null, cache: 'local' },
  ])
  assert.deepEqual(
    traceEvents.map(({ pid, tid, ts, dur }) => [pid, tid, ts, dur]),
    [
      ['pi', 0, 0, 10_000],
      ['pi', 1, 5_000, 10_000],
      ['here', 0, 6_000, 1_000],
      ['cache local', 0, 7_000, 1_000],
      ['pi', 0, 10_000, 5_000],
    ],
  )
})
