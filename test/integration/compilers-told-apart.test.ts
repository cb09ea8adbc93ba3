import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { systemClock } from '../../src/base/clock.ts'
import { type Sha256Hex, sha256 } from '../../src/base/digest.ts'
import { systemRandom } from '../../src/base/random.ts'
import { CompilersFolder } from '../../src/cli/compilers-folder.ts'
import type { LauncherProgram } from '../../src/cli/launcher-program.ts'
import { eventually } from '../lan/lab/eventually.ts'
import { freePort, listens, runTool, startTool } from './gateway/run-tool.ts'
import { undo } from './undo.ts'

// Tools that keep compiles by the compiler they call, between which and the compiler stands a name of ours. No node runs.

const DIST = join(import.meta.dirname, '../../dist')
const LAUNCHERS: readonly LauncherProgram[] = [
  { kind: 'native', file: join(DIST, 'launcher') },
  { kind: 'twin', command: [process.execPath, join(DIST, 'launcher.js')] },
]

function missing(tool: string): string | false {
  return spawnSync(tool, ['--version']).status === 0 ? false : `${tool} is not installed`
}

for (const launcher of LAUNCHERS) {
  suite(`behind the ${launcher.kind} launcher`, () => {
    for (const check of ['mtime', 'content']) {
      test(`ccache with compiler_check=${check} tells compilers apart`, { skip: missing('ccache') }, async (t) => {
        const project = new Project(t, launcher, { CCACHE_COMPILERCHECK: check })
        await project.tellsApart('ccache', 'cc')
      })

      test(`ccache with compiler_check=${check} under a compiler's name, too`, {
        skip: missing('ccache'),
      }, async (t) => {
        const project = new Project(t, launcher, { CCACHE_COMPILERCHECK: check })
        const found = spawnSync('which', ['ccache'], { encoding: 'utf8' }).stdout.trim()
        mkdirSync(join(project.folder, 'masquerade'))
        symlinkSync(found, join(project.folder, 'masquerade/cc'))
        project.wrappers = join(project.folder, 'masquerade')
        await project.tellsApart('cc')
      })
    }

    test('sccache tells compilers apart', { skip: missing('sccache') }, async (t) => {
      const port = await freePort()
      const project = new Project(t, launcher, { SCCACHE_SERVER_PORT: String(port) })
      const server = { SCCACHE_START_SERVER: '1', SCCACHE_NO_DAEMON: '1', ...project.env }
      const ended = startTool(t, ['sccache'], { cwd: project.folder, env: server })
      await eventually('the sccache server listens', 20_000, () => listens(port))
      await project.tellsApart('sccache', 'cc')
      await runTool(['sccache', '--stop-server'], project)
      await ended
    })

    test('a path that was written down leads to the same compiler under another PATH', async (t) => {
      const project = new Project(t, launcher, {})
      const written = join(project.prepare('other'), 'cc')
      const path = `${project.prepare('one')}${delimiter}${project.pathOf('one')}`
      for (const PATH of [path, process.env['PATH'] ?? '']) {
        assert.equal(await project.compile([written], { PATH }), await project.plainly('other'))
      }
    })
  })
}

/** Folders `one` and `other`, whose compilers of the same name, size and time make different objects of a source. */
class Project {
  readonly folder: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Stands in PATH before the compilers. */
  wrappers = ''
  readonly #launcher: LauncherProgram

  constructor(t: TestContext, launcher: LauncherProgram, env: Readonly<Record<string, string>>) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'hg-apart-')))
    undo(t, () => rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 }))
    this.cwd = this.folder
    const inside = (name: string) => join(this.folder, name)
    this.env = {
      HOME: this.folder,
      HG_HOME: inside('home'),
      CCACHE_DIR: inside('ccache'),
      SCCACHE_DIR: inside('sccache'),
      SCCACHE_CONF: inside('no-config'),
      ...env,
    }
    this.#launcher = launcher
    writeFileSync(inside('a.c'), 'int a;\n')
    for (const [name, option] of Object.entries({ one: '-g1', other: '-g3' })) {
      mkdirSync(inside(name))
      this.#write(name, option, 1_000_000_000)
    }
  }

  #write(name: string, option: string, time: number): void {
    const compiler = join(this.folder, name, 'cc')
    writeFileSync(compiler, `#!/bin/sh\nexec gcc ${option} "$@"\n`)
    chmodSync(compiler, 0o755)
    utimesSync(compiler, time, time)
  }

  /** Twice each, so that the second is what was kept of the first; and once more after an upgrade. */
  async tellsApart(...words: readonly string[]): Promise<void> {
    for (const name of ['one', 'other', 'one', 'other']) await this.#keepsTo(name, words)
    this.#write('one', '-g2', 1_100_000_000)
    await this.#keepsTo('one', words)
  }

  async #keepsTo(name: string, words: readonly string[]): Promise<void> {
    const PATH = `${this.prepare(name)}${delimiter}${this.pathOf(name)}`
    assert.equal(await this.compile(words, { PATH }), await this.plainly(name), name)
  }

  /** As `hgbuild` would at the start of a build. */
  prepare(name: string): string {
    const components = { clock: systemClock, random: systemRandom }
    const compilers = new CompilersFolder(components, { home: join(this.folder, 'home'), launcher: this.#launcher })
    return compilers.prepare(this.pathOf(name))
  }

  pathOf(name: string): string {
    return [this.wrappers, join(this.folder, name), process.env['PATH']].filter((each) => each !== '').join(delimiter)
  }

  plainly(name: string): Promise<Sha256Hex> {
    return this.compile([join(this.folder, name, 'cc')], {})
  }

  /** What its object is. */
  async compile(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Sha256Hex> {
    const object = join(this.folder, 'a.o')
    rmSync(object, { force: true })
    await runTool([...words, '-c', 'a.c', '-o', 'a.o'], { cwd: this.folder, env: { ...this.env, ...env } })
    return sha256(readFileSync(object))
  }
}
