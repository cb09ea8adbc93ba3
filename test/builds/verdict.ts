import { type JobStatus, placeOf } from '../../src/status/job-listing.ts'
import type { Round } from './build-rounds.ts'
import type { FileKind } from './compare-files.ts'

/** Part of a build's own compiles that must be done elsewhere, or be known when all was built before. */
const SPARED_SHARE_MIN = 0.95
/**
 * Files that tell of the run itself: times, process ids, PATH. And where cmake notes the path of the compiler that it
 * found: it leads to us, so that what it compiles later does, too.
 */
const OF_THE_RUN: readonly RegExp[] = [
  /(^|\/)config\.log$/,
  /(^|\/)__pycache__\/_sysconfigdata_[\w-]*\.cpython-\d+\.pyc$/, // Made of what the build made, with its time.
  /(^|\/)\.ninja_(deps|log)$/,
  /(^|\/)CMakeFiles\/(CMakeOutput\.log|rules\.ninja|[\d.]+\/CMakeC(XX)?Compiler\.cmake)$/,
  /(^|\/)(CMakeCache\.txt|DartConfiguration\.tcl)$/,
]

/** What is told of a project, and what is wrong. */
export interface Verdict {
  /** The build's own compiles, without the tests of its configure script. */
  readonly compiles: number
  readonly configureTests: number
  readonly remote: number
  readonly cached: number
  /** The sources of the build's own compiles that ran elsewhere than expected, by where and why. */
  readonly strays: ReadonlyMap<string, readonly string[]>
  /** Equal files of each kind, of how many. */
  readonly equal: Readonly<Record<FileKind, readonly [equal: number, all: number]>>
  /** One line for each thing that must not be. */
  readonly faults: readonly string[]
}

/** Holds a build of a project against what must be so. */
export function verdict({ from, files, linesUnlike, jobs }: Round): Verdict {
  const own = jobs.filter((job) => job.compile)
  const configureTests = jobs.filter((job) => job.reason === 'configure-test').length
  const remote = own.filter((job) => job.peer !== null).length
  const cached = own.filter((job) => job.cache !== null).length
  const share = (from === 'cache' ? cached : remote) / own.length
  const strange = files.different.filter(({ path }) => !OF_THE_RUN.some((pattern) => pattern.test(path)))
  const faults = [
    ...strange.map(({ path, how }) => `differs: ${path} (${how})`),
    ...linesUnlike.map((line) => `said by one only: ${line}`),
    ...(share >= SPARED_SHARE_MIN ? [] : [`only ${percent(share)} of the compiles came from the ${from}`]),
    ...(files.compared.object > 0 ? [] : ['no object was made']),
  ]
  return {
    compiles: own.length,
    configureTests,
    remote,
    cached,
    strays: straysOf(own, from),
    equal: equalOnes(files),
    faults,
  }
}

function straysOf(own: readonly JobStatus[], from: Round['from']): ReadonlyMap<string, readonly string[]> {
  const strays = own.filter(({ peer, cache }) => cache === null && (from === 'cache' || peer === null))
  const byPlace = Map.groupBy(
    strays,
    (job) => `${placeOf(job)}, ${job.reason ?? job.miss ?? 'the cache was not asked'}`,
  )
  return new Map([...byPlace].map(([place, these]) => [place, these.map(({ subject }) => subject)]))
}

function equalOnes({ compared, different }: Round['files']): Verdict['equal'] {
  const of = (kind: FileKind): readonly [number, number] => {
    const these = different.filter((file) => file.kind === kind)
    const lone = these.filter(({ how }) => how === 'missing' || how === 'unexpected').length
    const all = compared[kind] + lone
    return [all - these.length, all]
  }
  return { object: of('object'), linked: of('linked'), dependencies: of('dependencies'), other: of('other') }
}

/** `99.4 %` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
