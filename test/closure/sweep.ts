import { existsSync, globSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { copyTree, debianSource } from '../lan/builds/debian-source.ts'
import { mustRun } from '../lan/lab/command.ts'
import { ClosureCheck, type ClosureVerdict } from './check-closure.ts'
import { hasSources, type RecordedCall, recordCompiles } from './record-compiles.ts'

/** A project whose every compile is looked at. */
interface SweptProject {
  /** None where only what is installed is looked at. */
  readonly source?: readonly [name: string, version: string]
  /** Run before the compilers are watched: a `./configure` must see them as they are. */
  readonly prepare?: string
  /**
   * Where its calls come from: a build that is watched, a list that cmake made, sources that are compiled one by one, or
   * headers of a package that is installed, a source for each.
   */
  readonly calls:
    | { readonly from: 'build'; readonly command: string }
    | { readonly from: 'list'; readonly path: string }
    | { readonly from: 'sources'; readonly pattern: string; readonly args: readonly string[] }
    | { readonly from: 'headers'; readonly pattern: string; readonly package: string; readonly args: readonly string[] }
}

const PROJECTS: Readonly<Record<string, SweptProject>> = {
  redis: { source: ['redis', '7.0.15'], calls: { from: 'build', command: 'make -j2' } },
  curl: {
    source: ['curl', '7.88.1'],
    prepare: './configure --with-openssl || ./configure --without-ssl',
    calls: { from: 'build', command: 'make -j2' },
  },
  cpython: { source: ['python3.11', '3.11'], prepare: './configure', calls: { from: 'build', command: 'make -j2' } },
  'yaml-cpp': {
    source: ['yaml-cpp', '0.7'],
    prepare: 'cmake -S . -B build -DYAML_CPP_BUILD_TESTS=OFF -DCMAKE_EXPORT_COMPILE_COMMANDS=ON',
    calls: { from: 'list', path: 'build/compile_commands.json' },
  },
  'nlohmann-json': {
    source: ['nlohmann-json3', '3'],
    calls: {
      from: 'sources',
      pattern: 'tests/src/*.cpp',
      args: ['-std=c++20', '-Iinclude', '-Itests/thirdparty/doctest', '-Itests/thirdparty/fifo_map', '-Itests'],
    },
  },
  eigen: {
    source: ['eigen3', '3.4'],
    calls: { from: 'sources', pattern: '{doc,unsupported/doc}/examples/*.cpp', args: ['-std=c++17', '-I.'] },
  },
  boost: { calls: { from: 'headers', pattern: '/usr/include/boost/*.hpp', package: 'libboost-dev', args: [] } },
  fmt: { calls: { from: 'headers', pattern: '/usr/include/{fmt,spdlog}/*.h', package: 'libspdlog-dev', args: [] } },
  qt: {
    calls: {
      from: 'headers',
      pattern: '/usr/include/*/qt5/Qt{Core,Gui,Widgets,Network}/q*.h',
      package: 'qtbase5-dev',
      args: [
        '-fPIC',
        ...['', '/QtCore', '/QtGui', '/QtWidgets', '/QtNetwork'].map(
          (part) => `-I/usr/include/x86_64-linux-gnu/qt5${part}`,
        ),
      ],
    },
  },
}

const BUILD_MAX_MS = 3_000_000
/** Compilers asked at once. */
const LANES = 2

interface Tally {
  compiles: number
  readonly unfit: Map<string, number>
  refused: number
  readonly failures: string[]
  files: number
  listed: number
  coldMs: number
  warmMs: number
  readonly distinct: Set<string>
}

/** Sweeps the projects named on the command line, or all (`--in FOLDER` keeps what was built for the next time), and prints a row of a table for each. Ends with 1 if a closure lacks a file. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { in: { type: 'string' } } })
  const names = positionals.length > 0 ? positionals : Object.keys(PROJECTS)
  console.log('| project | as | compiles | fit | unfit, why | files read / in trees | factor | cold ms | warm ms |')
  console.log('|---|---|---|---|---|---|---|---|---|')
  let failed = false
  for (const name of names) {
    const project = PROJECTS[name]
    if (project === undefined)
      throw new Error(`no project is called ${name}; there are ${Object.keys(PROJECTS).join(', ')}`)
    failed = (await sweepProject(name, project, values.in)) || failed
  }
  return failed ? 1 : 0
}

async function sweepProject(name: string, project: SweptProject, kept: string | undefined): Promise<boolean> {
  const scratch = kept === undefined ? await realpath(await mkdtemp(join(tmpdir(), 'hg-closures-'))) : join(kept, name)
  try {
    const calls = await callsOf(project, join(scratch, 'tree'), scratch)
    let failed = false
    for (const toClang of [false, true]) {
      const tally = await sweepCalls(calls.map((call) => (toClang ? asClang(call) : call)))
      console.log(row(name, toClang ? 'clang' : 'gcc', tally))
      for (const failure of tally.failures) console.log(failure)
      failed ||= tally.failures.length > 0
    }
    return failed
  } finally {
    if (kept === undefined) await rm(scratch, { recursive: true, force: true })
  }
}

/** The calls of a project, or what an earlier sweep kept of them. */
async function callsOf(project: SweptProject, tree: string, scratch: string): Promise<readonly RecordedCall[]> {
  const { source, prepare } = project
  const list = join(scratch, 'calls.json')
  if (existsSync(list)) return JSON.parse(await readFile(list, 'utf8'))
  await mkdir(scratch, { recursive: true })
  if (source === undefined) await mkdir(tree, { recursive: true })
  else await copyTree(await debianSource(...source), tree)
  if (prepare !== undefined) await mustRun(['sh', '-c', prepare], { cwd: tree, timeoutMs: BUILD_MAX_MS })
  const all = await findCalls(project, tree, scratch)
  const kept = all.filter(hasSources)
  await writeFile(list, JSON.stringify(kept))
  return kept
}

async function findCalls({ calls }: SweptProject, tree: string, scratch: string): Promise<readonly RecordedCall[]> {
  if (calls.from === 'build') {
    return recordCompiles(['sh', '-c', calls.command], { cwd: tree, scratch, timeoutMs: BUILD_MAX_MS })
  }
  if (calls.from === 'list') {
    const listed: { command: string; directory: string }[] = JSON.parse(await readFile(join(tree, calls.path), 'utf8'))
    return listed.map(({ command, directory }) => {
      const [tool = '', ...args] = command.split(/ +/)
      return { tool: basename(tool), args, cwd: directory }
    })
  }
  if (calls.from === 'headers')
    return Promise.all(headersOf(calls).map((header) => sourceFor(header, calls.args, tree)))
  return globSync(calls.pattern, { cwd: tree }).map((path) => {
    return { tool: 'g++', args: ['-c', path, ...calls.args], cwd: tree }
  })
}

function headersOf(calls: { readonly pattern: string; readonly package: string }): readonly string[] {
  const found = globSync(calls.pattern).sort()
  if (found.length === 0) throw new Error(`no headers there: install ${calls.package}`)
  return found
}

/** The compile of a source that includes one header and nothing else. */
async function sourceFor(header: string, args: readonly string[], tree: string): Promise<RecordedCall> {
  const source = `${header.replaceAll(/\W/g, '_')}.cpp`
  await writeFile(join(tree, source), `#include "${header}"\n`)
  return { tool: 'g++', args: ['-c', source, ...args], cwd: tree }
}

function asClang(call: RecordedCall): RecordedCall {
  const tool = /\+\+$/.test(call.tool) ? 'clang++' : 'clang'
  return { ...call, tool }
}

async function sweepCalls(calls: readonly RecordedCall[]): Promise<Tally> {
  const tally: Tally = {
    compiles: 0,
    unfit: new Map(),
    refused: 0,
    failures: [],
    files: 0,
    listed: 0,
    coldMs: 0,
    warmMs: 0,
    distinct: new Set(),
  }
  const check = new ClosureCheck()
  const compiles: RecordedCall[] = []
  for (const call of calls) {
    const { built, ms } = await check.build(call)
    if (built === undefined) continue
    compiles.push(call)
    tally.coldMs += ms
  }
  tally.compiles = compiles.length
  for (const call of compiles) tally.warmMs += (await check.build(call)).ms
  const waiting = [...compiles]
  const lane = async () => {
    for (let call = waiting.pop(); call !== undefined; call = waiting.pop()) note(tally, call, await check.check(call))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return tally
}

function note(tally: Tally, call: RecordedCall, verdict: ClosureVerdict): void {
  if (verdict.kind === 'refused') tally.refused += 1
  else if (verdict.kind === 'unfit') tally.unfit.set(verdict.why, (tally.unfit.get(verdict.why) ?? 0) + 1)
  else if (verdict.kind === 'fit') {
    tally.files += verdict.files
    tally.listed += verdict.listed
    for (const path of verdict.lacking) tally.failures.push(`lacks ${path}: ${call.tool} ${call.args.join(' ')}`)
    for (const path of verdict.wronglyAbsent) tally.failures.push(`calls ${path} absent: ${call.args.join(' ')}`)
  }
  if (verdict.kind === 'unfit' && process.env['HG_VERBOSE'] !== undefined) {
    console.log(`unfit, ${verdict.why}: ${call.tool} ${call.args.join(' ')}`)
  }
}

function row(name: string, compiler: string, tally: Tally): string {
  const { compiles, unfit, refused, files, listed, coldMs, warmMs } = tally
  const unfits = [...unfit.values()].reduce((sum, count) => sum + count, 0)
  const why = [...unfit].map(([reason, count]) => `${count} ${reason}`).join(', ')
  const fit = compiles - refused - unfits
  const mean = (sum: number) => (sum / compiles).toFixed(2)
  const parts = [
    name,
    compiler,
    refused === 0 ? compiles : `${compiles} (${refused} not its own)`,
    fit,
    why === '' ? '-' : why,
    `${listed} / ${files}`,
    (files / listed).toFixed(2),
    mean(coldMs),
    mean(warmMs),
  ]
  return `| ${parts.join(' | ')} |`
}

process.exitCode = await main()
