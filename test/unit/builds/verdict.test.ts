import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobStatus } from '../../../src/status/job-listing.ts'
import type { Round } from '../../builds/build-rounds.ts'
import { verdict } from '../../builds/verdict.ts'

const JOB: JobStatus = {
  build: 'b',
  startedAt: 0,
  subject: 'a.c',
  compile: true,
  peer: 'h2',
  way: 'tree',
  cache: null,
  reason: null,
  miss: 'first-time',
  phases: {},
}
const AT_HOME = { peer: null, way: null }

test('equal builds whose compiles ran elsewhere have no fault; tests of configure scripts are counted apart', () => {
  const tests = Array.from({ length: 50 }, () => ({ ...JOB, ...AT_HOME, compile: false, reason: 'configure-test' }))
  const judged = verdict(round({ jobs: [...times(19, JOB), { ...JOB, ...AT_HOME, reason: 'peers-busy' }, ...tests] }))
  assert.deepEqual(judged.faults, [])
  assert.deepEqual([judged.compiles, judged.remote, judged.configureTests], [20, 19, 50])
  assert.deepEqual([...judged.strays], [['here, peers-busy', ['a.c']]])
})

test('more than one compile of twenty elsewhere than expected is a fault', () => {
  const home = { ...JOB, ...AT_HOME, reason: 'peers-busy' }
  const known = { ...JOB, ...AT_HOME, cache: 'local' }
  assert.deepEqual(verdict(round({ jobs: [...times(18, JOB), home, known] })).faults, [
    'only 90.0 % of the compiles came from the peers',
  ])
  const { faults, strays } = verdict(round({ from: 'cache', jobs: [...times(19, known), JOB] }))
  assert.deepEqual([faults, [...strays]], [[], [['h2, first-time', ['a.c']]]])
  assert.deepEqual(verdict(round({ from: 'cache', jobs: [...times(18, known), JOB, home] })).faults, [
    'only 90.0 % of the compiles came from the cache',
  ])
})

test('a file or a line that differs is a fault, unless it tells of the run itself', () => {
  const different = ['a.o', 'sub/config.log', 'b.o'].map((path) => ({
    path,
    kind: path.endsWith('.o') ? ('object' as const) : ('other' as const),
    how: path === 'b.o' ? 'missing' : '1 and 2 bytes',
  }))
  const { faults, equal } = verdict(round({ different, linesUnlike: ['- warning: x'] }))
  assert.deepEqual(faults, ['differs: a.o (1 and 2 bytes)', 'differs: b.o (missing)', 'said by one only: - warning: x'])
  assert.deepEqual(
    [equal.object, equal.other],
    [
      [4, 6],
      [0, 1],
    ],
  )
})

test('a build that compiled nothing, or left no object, proves nothing', () => {
  const compared = { object: 0, linked: 1, dependencies: 0, other: 1 }
  assert.equal(verdict(round({ jobs: [], compared })).faults.length, 2)
})

function times(count: number, job: JobStatus): readonly JobStatus[] {
  return Array.from({ length: count }, () => job)
}

function round({
  from = 'peers',
  jobs = times(20, JOB),
  different = [],
  linesUnlike = [],
  compared = { object: 5, linked: 0, dependencies: 0, other: 1 },
}: Partial<Pick<Round, 'from' | 'jobs' | 'linesUnlike'> & Round['files']>): Round {
  const files = { compared, different }
  return { from, files, jobs, linesUnlike, linesSaid: 1, summaries: [], ratios: [] }
}
