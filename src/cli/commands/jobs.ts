import { wholeNumber } from '../../node/setting-kinds.ts'
import { isJobList, JOBS_LISTED_MAX, type JobStatus, placeOf } from '../../status/job-listing.ts'
import { type Command, JSON_FLAG } from '../command.ts'
import { noNode } from '../command-error.ts'
import { EXIT } from '../exit-codes.ts'
import { reasonWords } from '../local-reason-words.ts'
import { numberFlag } from '../number-flag.ts'
import { textTable } from '../text-table.ts'
import { elapsed } from '../wording.ts'

const JOBS_SHOWN = 20

export const jobs: Command = {
  words: ['jobs'],
  summary: 'list the last compiles: where each ran, why, and how long each phase took',
  flags: [{ name: 'last', shape: 'value', usage: '--last N', help: `the last N (default: ${JOBS_SHOWN})` }, JSON_FLAG],
  run: async ({ flags }, { ask, terminal }) => {
    const last = numberFlag('last', flags.last, wholeNumber(1, JOBS_LISTED_MAX)) ?? JOBS_SHOWN
    const listed = await ask('jobs', isJobList, { last })
    if (listed === undefined) throw noNode()
    terminal.out(flags.json === true ? `${JSON.stringify({ jobs: listed })}\n` : jobsTable(listed))
    return EXIT.ok
  },
}

export function jobsTable(listed: readonly JobStatus[]): string {
  const rows = listed.map((job) => [
    new Date(job.startedAt).toISOString().slice(11, 19),
    placeOf(job),
    elapsed(job.phases.totalMs ?? 0),
    PHASES.flatMap(([key, name]) =>
      job.phases[key] === undefined ? [] : [`${name} ${elapsed(job.phases[key])}`],
    ).join(', '),
    [job.subject, ...notes(job)].join('  '),
  ])
  return textTable([['AT (UTC)', 'WHERE', 'TOTAL', 'PHASES', 'WHAT'], ...rows])
}

/** Why it ran here, and why it had to run at all. */
function notes({ reason, miss }: JobStatus): readonly string[] {
  const missed =
    miss === null || miss === 'first-time' ? [] : [`(${miss.replace(/^[a-z-]+/, (code) => code.replaceAll('-', ' '))})`]
  return reason === null ? missed : [`(${reasonWords(reason)})`, ...missed]
}

const PHASES = [
  ['treeMs', 'tree'],
  ['lookupMs', 'lookup'],
  ['preprocessMs', 'preprocess'],
  ['waitMs', 'wait'],
  ['remoteMs', 'remote'],
  ['localMs', 'local'],
] as const
