import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { systemClock } from '../../../src/base/clock.ts'
import { systemRandom } from '../../../src/base/random.ts'
import type { AskAgent } from '../../../src/cli/agent-client.ts'
import { CompilersFolder } from '../../../src/cli/compilers-folder.ts'
import type { LauncherProgram } from '../../../src/cli/launcher-program.ts'
import { runHgbuild } from '../../../src/cli/run-hgbuild.ts'
import type { BuildSummary } from '../../../src/status/snapshot.ts'
import { STATUS } from './node-status.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hg-words-'))
after(() => rmSync(scratch, { recursive: true }))

const SUMMARY: BuildSummary = { compiles: 1, cached: 1, byPlace: {}, localReasons: {}, ms: 0 }

interface Situation {
  readonly node: 'runs' | 'cannot start'
  readonly stderrIsTerminal?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** What `hgbuild` itself says on stderr around a command that says nothing, without how long it took. */
async function wordsOf(words: string, { node, stderrIsTerminal = false, env = {} }: Situation): Promise<string> {
  const home = join(scratch, node)
  const launcher: LauncherProgram = { kind: 'native', file: join(scratch, 'launcher') }
  writeFileSync(launcher.file, '', { mode: 0o755 })
  if (node === 'runs') mkdirSync(home, { recursive: true })
  else writeFileSync(home, 'a file where the state folder should be')
  const answers: Readonly<Record<string, unknown>> = node === 'runs' ? { status: STATUS, 'build-summary': SUMMARY } : {}
  const ask: AskAgent = async (question, shape) => {
    const answer = answers[question]
    return shape(answer) ? answer : undefined
  }
  const said: string[] = []
  const ending = await runHgbuild(
    {
      clock: systemClock,
      random: systemRandom,
      ask,
      terminal: { out: assert.fail, err: (text) => said.push(text) },
      compilers: new CompilersFolder({ clock: systemClock, random: systemRandom }, { home, launcher }),
      run: async () => ({ kind: 'exited', code: 0 }),
    },
    {
      argv: words.split(' '),
      env: { PATH: scratch, ...env },
      cwd: scratch,
      home,
      launcher,
      version: '0.1.0',
      stderrIsTerminal,
    },
  )
  assert.deepEqual(ending, { kind: 'exited', code: 0 })
  return said.join('').replace(/ · .*/, '')
}

const ONE_COMPILE = [
  'c99',
  '/usr/bin/c89',
  'ccache gcc',
  'sccache /usr/bin/clang++-14',
  'ccache distcc cc',
  'icecc c99',
]
const BUILDS = ['make', 'ccache -s', './configure gcc', 'ccache']

suite('what hgbuild says around', () => {
  for (const command of ONE_COMPILE) {
    test(`${command}, which is one compile: nothing, but to people`, async () => {
      const words = `${command} -c x.c`
      const summary = 'hybridgrid: 1 compile: 1 cached\n'
      assert.equal(await wordsOf(words, { node: 'runs' }), '')
      assert.equal(await wordsOf(words, { node: 'runs', stderrIsTerminal: true }), summary)
      assert.match(await wordsOf(`-v ${words}`, { node: 'runs' }), /^hybridgrid: node pi, .*\n.*1 compile: 1 cached\n$/)
      assert.equal(await wordsOf(`-q ${words}`, { node: 'runs', stderrIsTerminal: true }), '')
    })
  }

  for (const command of ['gcc', 'cc', '/usr/bin/gcc', 'ccache gcc']) {
    test(`${command} when no node can start: nothing, but to people`, async () => {
      const words = `${command} -c x.c`
      const told = /^hybridgrid: compiling here only, no node could be started: .+\n$/
      assert.equal(await wordsOf(words, { node: 'cannot start' }), '')
      assert.match(await wordsOf(words, { node: 'cannot start', stderrIsTerminal: true }), told)
      assert.match(await wordsOf(words, { node: 'cannot start', env: { HG_VERBOSE: '1' } }), told)
    })
  }

  for (const command of BUILDS) {
    test(`${command}, which is a build: how it went, or that there was no node`, async () => {
      assert.equal(await wordsOf(command, { node: 'runs' }), 'hybridgrid: 1 compile: 1 cached\n')
      assert.match(await wordsOf(command, { node: 'cannot start' }), /^hybridgrid: compiling here only, .+\n$/)
    })
  }
})
