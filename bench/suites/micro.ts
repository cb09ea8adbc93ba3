import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Deployed, Field } from '../contenders/contender.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { plain } from '../contenders/plain.ts'
import { onField } from '../field.ts'
import type { Table } from '../results.ts'
import { median } from '../statistics.ts'
import type { Suite } from '../suite.ts'
import { timeCommand } from '../timing/hyperfine.ts'
import { helloSource, serverSource } from '../workloads/single-source.ts'
import { compileProfile } from './compile-profile.ts'
import { cacheTimes } from './micro-cache.ts'
import { messageTimes } from './micro-messages.ts'
import { byteTimes, closureTimes, type PartTimes, sessionTimes } from './micro-parts.ts'
import { wakeUpTimes } from './wake-up.ts'

const CALLS = 200
const QUICK_CALLS = 40
/** Runs of a whole compile in each round; server.c takes a second or two. */
const RUNS = { hello: 30, server: 6 }
const QUICK_RUNS = 6

/** What the parts cost of which a compile consists. */
export const micro: Suite = {
  name: 'micro',
  title: 'What the parts cost',
  question:
    'Parts of the way of a compile, each by itself and warm, the median of many calls; then where the time of a whole compile over the mesh goes, and of a local hit, by the account of the node and beside the compiler alone: each row is a median of its own, so they need not add up. Both ends of a session are in one process here, so its times are those of two nodes.',
  rounds: { full: 3, quick: 1 },
  contenders: [hybridgrid],
  packages: { hyperfine: 'hyperfine', 'dpkg-source': 'dpkg-dev' },
  run: ({ quick, rounds, say }) =>
    onField({ hosts: 2, jobs: 2 }, async function* (deployments, field) {
      const calls = quick ? QUICK_CALLS : CALLS
      const { folder } = field.client
      const sources = [await helloSource(folder), await serverSource(folder)]
      say('parts')
      yield await partTable('Parts', rounds, async () => ({
        ...(await byteTimes(calls)),
        ...(await sessionTimes(calls)),
        ...(await wakeUpTimes(calls)),
        ...(await cacheTimes(calls)),
        ...Object.assign({}, ...(await inTurn(sources, (source) => closureTimes(source, calls)))),
        ...Object.assign({}, ...(await inTurn(sources, (source) => messageTimes(source, calls)))),
      }))
      const inMesh = async (work: (deployed: Deployed) => Promise<PartTimes>) => {
        const done = await deployments.with(hybridgrid, work)
        if (typeof done === 'string') throw new Error(done)
        return done
      }
      say('launcher and agent')
      yield await partTable('From the launcher to the agent and back', rounds, () =>
        inMesh((deployed) => launcherTimes(field, deployed, quick ? QUICK_RUNS : RUNS.hello)),
      )
      for (const source of quick ? sources.slice(0, 1) : sources) {
        const runs = quick ? QUICK_RUNS : source.name === 'hello.c' ? RUNS.hello : RUNS.server
        for (const kind of ['miss', 'hit'] as const) {
          say(`profile of ${source.name}: ${kind}`)
          const what = kind === 'miss' ? 'a remote compile' : 'a local hit'
          yield await partTable(`Where ${what} of ${source.name} spends its time`, rounds, (note) =>
            inMesh((deployed) => compileProfile(field, deployed, source, kind, runs, note)),
          )
        }
      }
    }),
}

/** A row for each part. */
async function partTable(
  title: string,
  rounds: number,
  measure: (note: (what: string) => void) => Promise<PartTimes>,
): Promise<Table> {
  const measured: PartTimes[] = []
  const notes: string[] = []
  for (let round = 0; round < rounds; round++) measured.push(await measure((what) => notes.push(what)))
  const rows = Object.keys(measured[0] ?? {}).map((name) => ({
    contender: name,
    runs: measured.map((times) => ({ value: times[name] ?? 0, fault: null, remote: null, alongside: null })),
    missing: null,
  }))
  return { title, unit: 'µs', rows, goals: [], notes, at: null }
}

/** A compiler that only prints a word: alone, and with a launcher that asks the agent before it becomes that compiler. */
async function launcherTimes({ client, ...field }: Field, deployed: Deployed, runs: number): Promise<PartTimes> {
  const source = join(client.folder, 'empty.c')
  await writeFile(source, '')
  const timed = { command: ['gcc', '-dumpmachine'], runs, warmup: 5, cwd: client.folder }
  const alone = await plain.start({ client, ...field })
  if (typeof alone === 'string') throw new Error(alone)
  const without = median(await timeCommand(client, alone, timed))
  const asked = median(await timeCommand(client, deployed, timed))
  return {
    '`gcc -dumpmachine`': without * 1000,
    'the same through launcher and agent': asked * 1000,
    'launcher and agent': (asked - without) * 1000,
  }
}

async function inTurn<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = []
  for (const value of values) done.push(await work(value))
  return done
}
