import { lua, redis } from '../../test/lan/builds/projects.ts'
import type { Contender, Field } from '../contenders/contender.ts'
import { hybridgrid } from '../contenders/hybridgrid.ts'
import { plain } from '../contenders/plain.ts'
import type { Deployments } from '../deployments.ts'
import { onField } from '../field.ts'
import type { Goal, Table } from '../results.ts'
import { inRounds } from '../rounds.ts'
import type { Suite, SuiteOptions } from '../suite.ts'
import { BUILD_METRICS, type ProjectSource, projectWork, timeBuild } from '../timing/timed-build.ts'

const CONTENDERS = [plain, hybridgrid]
/** A node keeps what was built once nobody has called for half a second; for redis that takes one. */
const REST_MS = 5_000

/** What the `./configure` of curl tries is hundreds of small compiles, one after the other. */
const curlConfigure: ProjectSource = {
  name: 'curl',
  version: '7.88.1',
  command: ['./configure', '--without-ssl', '--disable-ldap', '--quiet'],
}

/** What hybridgrid costs where it cannot help. */
export const noPeers: Suite = {
  name: 'no-peers',
  title: 'Without peers',
  question:
    'One machine with all cores and a node that has found no other: a whole build beside plain make, and the many small compiles of a configure script. CPU is what all processes of the host took, with what a node puts off until after the build; on a machine that others use too it is steadier than time.',
  quick: {
    title: 'Without peers',
    question:
      'One machine with all cores and a node that has found no other: a whole build of lua beside plain make. CPU is what all processes of the host took, with what a node puts off until after the build.',
  },
  rounds: { full: 5, quick: 2 },
  contenders: CONTENDERS,
  packages: { 'dpkg-source': 'dpkg-dev' },
  run: (options) =>
    onField({ hosts: 1, jobs: 2 }, async function* (deployments, field) {
      const project = options.quick ? lua('gcc') : redis
      const goals = [{ contender: 'hybridgrid', atMost: 1.02, over: ['plain'] }]
      yield* tables(deployments, field, project, `make -j2 of ${project.name}`, ['-j2'], goals, options)
      if (options.quick) return
      yield* tables(deployments, field, curlConfigure, './configure of curl', [], [], options)
    }),
}

async function* tables(
  deployments: Deployments,
  field: Field,
  project: ProjectSource,
  title: string,
  added: readonly string[],
  goals: readonly Goal[],
  options: SuiteOptions,
): AsyncIterable<Table> {
  const work = await projectWork(field, project)
  const measure = (contender: Contender) => () => {
    options.say(`${title}: ${contender.name}`)
    const init = { host: field.client, hosts: [field.client], options: added, expected: {}, restMs: REST_MS }
    return deployments.with(contender, (deployed) => timeBuild(deployed, work, init))
  }
  const entrants = CONTENDERS.map((contender) => ({ name: contender.name, measure: measure(contender) }))
  const rows = await inRounds(options.rounds, BUILD_METRICS, entrants)
  yield { title, unit: 's', rows: rows.seconds, goals, notes: [], at: null }
  yield {
    title: `${title}: CPU, ${REST_MS / 1000} s behind it included`,
    unit: 'CPU s',
    rows: rows.clientCpu,
    goals,
    notes: [],
    at: null,
  }
}
