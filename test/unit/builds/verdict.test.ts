import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobStatus } from '../../../src/status/job-listing.ts'
import type { TwoBuilds } from '../../builds/build-twice.ts'
import type { FullBuild } from '../../builds/full-builds.ts'
import { verdict } from '../../builds/verdict.ts'

const PROJECT: FullBuild = { source: ['project', '1'], steps: [['make']], prove: ['true'] }
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
  const judged = verdict(
    PROJECT,
    builds({ jobs: [...times(19), { ...JOB, ...AT_HOME, reason: 'peers-busy' }, ...tests] }),
  )
  assert.deepEqual(judged.faults, [])
  assert.deepEqual([judged.compiles, judged.remote, judged.configureTests], [20, 19, 50])
  assert.deepEqual([...judged.here], [['peers-busy', ['a.c']]])
})

test('more than one compile of twenty at home is a fault; what was known already counts for neither', () => {
  const home = { ...JOB, ...AT_HOME, reason: 'peers-busy' }
  const known = { ...JOB, ...AT_HOME, cache: 'local' }
  const { faults, cached } = verdict(PROJECT, builds({ jobs: [...times(18), home, known] }))
  assert.deepEqual([faults, cached], [['only 94.7 % of the compiles ran remotely'], 1])
})

test('a file or a line that differs is a fault, unless plain builds differ there, too', () => {
  const different = ['a.o', 'date.o', 'sub/config.log', 'b.o'].map((path) => ({
    path,
    kind: path.endsWith('.o') ? ('object' as const) : ('other' as const),
    how: path === 'b.o' ? 'missing' : '1 and 2 bytes',
  }))
  const project = { ...PROJECT, neverTheSame: { 'date.o': 'holds the date' } }
  const { faults, equal } = verdict(project, builds({ different, linesUnlike: ['- warning: x'] }))
  assert.deepEqual(faults, ['differs: a.o (1 and 2 bytes)', 'differs: b.o (missing)', 'said by one only: - warning: x'])
  assert.deepEqual(
    [equal.object, equal.other],
    [
      [3, 6],
      [0, 1],
    ],
  )
})

test('a build that compiled nothing, or left no object, proves nothing', () => {
  const compared = { object: 0, linked: 1, dependencies: 0, other: 1 }
  assert.equal(verdict(PROJECT, builds({ jobs: [], compared })).faults.length, 2)
})

function times(count: number): readonly JobStatus[] {
  return Array.from({ length: count }, () => JOB)
}

function builds({
  jobs = times(20),
  different = [],
  linesUnlike = [],
  compared = { object: 5, linked: 0, dependencies: 0, other: 1 },
}: Partial<Pick<TwoBuilds, 'jobs' | 'linesUnlike'> & TwoBuilds['files']>): TwoBuilds {
  const files = { compared, different }
  return { files, jobs, linesUnlike, linesSaid: 1, summaries: [], plainMs: 1, meshMs: 1 }
}
