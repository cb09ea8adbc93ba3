import { lua, redis } from '../../test/lan/builds/projects.ts'
import { ccache } from '../contenders/ccache.ts'
import type { Contender, Deployed, Field } from '../contenders/contender.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { plain } from '../contenders/plain.ts'
import { sccache } from '../contenders/sccache.ts'
import type { Deployments } from '../deployments.ts'
import { onField } from '../field.ts'
import type { Goal, Table } from '../results.ts'
import { inRounds } from '../rounds.ts'
import type { Suite, SuiteOptions } from '../suite.ts'
import {
  BUILD_METRICS,
  type BuildRuns,
  type BuildWork,
  buildUntimed,
  projectWork,
  timeBuild,
} from '../timing/timed-build.ts'
import { LUA_COMPILES } from '../workloads/luas.ts'
import { helloSource } from '../workloads/single-source.ts'
import { hitsAtAll } from './source-table.ts'

const CONTENDERS = [plain, ccache, sccache, hybridgrid]
const REDIS_COMPILES = 190
const HIT_SHARE_MIN = 0.8
const JOBS = '-j4'

/** Who built before: this machine, or another one of the network. */
type Filler = 'client' | 'other machine'

const GOALS: Readonly<Record<Filler, readonly Goal[]>> = {
  client: [{ contender: 'hybridgrid', atMost: 0.7, over: ['ccache'] }],
  'other machine': [{ contender: 'hybridgrid', atMost: 0.6, over: ['sccache'] }],
}

const QUESTION = `\`make ${JOBS}\`, on a client and three other machines without limits: once after the client itself has built it, and once after another machine has while the client remembers nothing.`

/** The same build again. */
export const warmRebuild: Suite = {
  name: 'warm-rebuild',
  title: 'A build that was built before',
  question: `redis 7.0.15, ${QUESTION}`,
  quick: { title: 'A build that was built before', question: `lua 5.4, ${QUESTION}` },
  rounds: { full: 3, quick: 1 },
  contenders: CONTENDERS,
  packages: { 'dpkg-source': 'dpkg-dev' },
  run: (options) =>
    onField({ hosts: 4, jobs: 2 }, async function* (deployments, field) {
      const work = await projectWork(field, options.quick ? lua('gcc') : redis)
      for (const filler of ['client', 'other machine'] as const) {
        yield await rebuildTable(deployments, field, work, filler, options)
      }
    }),
}

async function rebuildTable(
  deployments: Deployments,
  field: Field,
  work: BuildWork,
  filler: Filler,
  options: SuiteOptions,
): Promise<Table> {
  const expected = { hits: Math.round((options.quick ? LUA_COMPILES : REDIS_COMPILES) * HIT_SHARE_MIN) }
  const source = await helloSource(field.client.folder)
  const title = `rebuild after a build by ${filler === 'client' ? 'the client' : 'another machine'}`
  const rebuilt = async (deployed: Deployed, contender: Contender): Promise<BuildRuns | string> => {
    const init = { host: field.client, hosts: [field.client], options: [...compilerOf(deployed), JOBS] }
    if (contender === plain) return timeBuild(deployed, work, { ...init, expected: {} })
    if (!(await hitsAtAll(field, deployed, source))) return 'it has no cache that answers here'
    await fill(field, deployed, work, filler)
    return timeBuild(deployed, work, { ...init, expected })
  }
  const measure = (contender: Contender) => async () => {
    options.say(`${title}: ${contender.name}`)
    return deployments.with(contender, (deployed) => rebuilt(deployed, contender))
  }
  const entrants = CONTENDERS.map((contender) => ({ name: contender.name, measure: measure(contender) }))
  const rows = await inRounds(options.rounds, BUILD_METRICS, entrants)
  return { title, unit: 's', rows: rows.seconds, goals: GOALS[filler], notes: [], at: null }
}

/** Builds once, untimed, so that there is something to remember. */
async function fill({ client, workers }: Field, deployed: Deployed, work: BuildWork, filler: Filler): Promise<void> {
  const command = [...work.command, ...compilerOf(deployed), JOBS]
  if (filler === 'client') return buildUntimed(client, deployed.inside(command), work)
  const [other] = workers
  if (other === undefined || deployed.elsewhere === undefined) throw new RangeError('nobody else can build')
  await buildUntimed(other, await deployed.elsewhere(other, command), work)
  await deployed.forget?.()
}

/** `CC=` for a contender that does not stand in for the compiler. */
function compilerOf({ cc }: Deployed): readonly string[] {
  return cc.length === 1 ? [] : [`CC=${cc.join(' ')}`]
}
