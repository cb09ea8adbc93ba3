import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { JobStatus } from '../../../src/status/job-listing.ts'
import { calledTwice, writeProject } from './called-twice.ts'
import { CHAPTERS } from './chapters.ts'
import { type OracleMesh, startOracleMesh, type Way } from './oracle-mesh.ts'
import type { Place } from './oracle-table.ts'
import { ORACLE_LINKS, ORACLE_PROJECT } from './project.ts'

const WAYS: readonly Way[] = ['trees', 'text']

/** More than cores: a row waits for its processes most of the time. */
const ROWS_AT_ONCE = 4

const installed = new Set(
  ['gcc', 'g++', 'clang', 'clang++'].filter((tool) => spawnSync(tool, ['--version']).status === 0),
)
const root = realpathSync(mkdtempSync(join(tmpdir(), 'hg-oracle-')))
const project = join(root, 'project')

for (const way of WAYS) {
  suite(`as if compiled at home, shipping ${way}`, { concurrency: 1 }, () => {
    let mesh: OracleMesh
    before(async () => {
      writeProject(project, ORACLE_PROJECT, ORACLE_LINKS)
      mesh = await startOracleMesh(way)
    })
    after(async () => {
      await mesh?.stop()
      rmSync(root, { recursive: true, force: true })
    })
    for (const [chapter, rows] of Object.entries(CHAPTERS)) {
      suite(chapter, { concurrency: ROWS_AT_ONCE }, () => {
        for (const row of rows) {
          const skip = isInstalled(row.tool) ? false : `${row.tool} is not installed`
          test(`${row.name}: ${row.tool} ${row.args.join(' ')}`, { skip }, async () => {
            const place = way === 'trees' ? row.place : row.textPlace
            const { differences, jobs, said } = await calledTwice({ mesh, project, root }, row, place)
            assert.deepEqual(
              { differences, places: jobs.map(placeIn) },
              { differences: [], places: placesNoted(place) },
              said,
            )
          })
        }
      })
    }
  })
}

/** What the agent should have noted; it never learns of words that are not UTF-8. */
function placesNoted(place: Place): readonly string[] {
  if (place.at !== 'local') return [place.at]
  return place.reason === 'not-utf8' ? [] : [place.reason]
}

/** Where a call ran; text is what was preprocessed. */
function placeIn({ reason, phases }: JobStatus): string {
  return reason ?? ('preprocessMs' in phases ? 'text' : 'tree')
}

function isInstalled(tool: string): boolean {
  return installed.has(tool)
}
