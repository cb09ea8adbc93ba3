import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { compilerFamily } from '../../src/compiler/compiler-names.ts'
import type { CompileInvocation } from '../../src/compiler/invocation.ts'
import { localFiles } from '../../src/compiler/local-files.ts'
import { parseInvocation } from '../../src/compiler/parse-invocation.ts'
import { type PreprocessVariant, preprocessCommand, variantsFor } from '../../src/compiler/preprocess.ts'
import { checkRemoteArguments, remoteArguments } from '../../src/compiler/remote-arguments.ts'
import { shippableText } from '../../src/compiler/shippable-text.ts'
import { PROJECT } from './preprocessed-way-project.ts'

/**
 * The oracle of the preprocessed way: whatever a command line is, compiling its text in an empty folder gives what the
 * plain compile gives. `equal` tells how much of the object: to the byte, or without debug info.
 */
interface Row {
  readonly tools: string
  readonly args: string
  readonly equal: 'whole' | 'stripped'
  /** Where the best variant cannot do it. */
  readonly by?: PreprocessVariant
}

const C = 'gcc clang'
const CXX = 'g++ clang++'

const ROWS: readonly Row[] = [
  // Optimizing, without debug info: everyone is equal to the byte.
  { tools: C, args: '-c main.c', equal: 'whole' },
  { tools: C, args: '-O2 -c main.c -o out/main.o', equal: 'whole' },
  { tools: C, args: '-Os -fPIC -fno-common -c main.c -oout/main.o', equal: 'whole' },
  { tools: C, args: '-O3 -funroll-loops -fomit-frame-pointer -march=x86-64-v2 -c main.c', equal: 'whole' },
  { tools: C, args: '-std=c99 -D_GNU_SOURCE -O1 -c main.c', equal: 'whole' },
  { tools: C, args: '-std=gnu11 -pthread -D_REENTRANT -c main.c', equal: 'whole' },
  { tools: C, args: '-ansi -c ansi.c', equal: 'whole' },
  { tools: C, args: '-DNAME="a\\ \\\\"quoted\\\\"\\ name" -UOTHER -c defines.c', equal: 'whole' },
  { tools: C, args: '-D NAME=1 -U OTHER -I include -isystem sys -c include.c', equal: 'whole' },
  { tools: C, args: '-Wp,-D_FORTIFY_SOURCE=2 -O2 -c main.c', equal: 'whole' },
  { tools: C, args: '-Wall -Wextra -Wshadow -Wundef -Werror -O2 -c main.c', equal: 'whole' },
  { tools: C, args: '-Wall -Wextra -pedantic -O2 -c main.c', equal: 'whole' },
  { tools: C, args: '-include include/forced.h -O2 -c forced.c', equal: 'whole' },
  { tools: C, args: '-imacros include/forced.h -O2 -c forced.c', equal: 'whole' },
  { tools: C, args: '-DNDEBUG -fstack-protector-strong -fcf-protection -c main.c', equal: 'whole' },
  { tools: C, args: '-fsanitize=address,undefined -c main.c', equal: 'whole' },
  { tools: C, args: '-fopenmp -O2 -c main.c', equal: 'whole' },
  { tools: C, args: '-Wa,--noexecstack -ffunction-sections -fdata-sections -c main.c', equal: 'whole' },
  { tools: C, args: '-nostdinc -ffreestanding -undef -c bare.c', equal: 'whole' },
  { tools: C, args: '-x c -c odd.name', equal: 'whole' },
  { tools: C, args: '-O2 -S main.c', equal: 'whole' },
  { tools: C, args: '-O2 -S main.c -o out/main.asm', equal: 'whole' },
  { tools: C, args: '-m32 -O2 -c bare.c', equal: 'whole' },
  { tools: C, args: '-c sub/deep.c', equal: 'whole' },
  { tools: C, args: '-c sub/../sub/deep.c -o sub/deep.o', equal: 'whole' },
  { tools: C, args: '-c parser.c', equal: 'whole' },
  { tools: C, args: '-c empty.c', equal: 'whole' },
  { tools: 'gcc', args: '-trigraphs -c lines.c', equal: 'whole' },
  { tools: C, args: '-c pushed.c', equal: 'whole', by: 'plain' },
  { tools: C, args: '-O2 -c once.c', equal: 'whole' },
  { tools: C, args: '-c counter.c', equal: 'whole', by: 'plain' },
  { tools: 'gcc', args: '-c counted.c', equal: 'whole' },
  { tools: 'clang', args: '-c counted.c', equal: 'whole', by: 'plain' },
  { tools: 'gcc', args: '-c dated.c', equal: 'whole', by: 'plain' },
  { tools: C, args: '-c aged.c', equal: 'whole', by: 'plain' },
  { tools: C, args: '-c with\\ space.c -o out/with\\ space.o', equal: 'whole' },
  { tools: C, args: '-c umläut.c', equal: 'whole' },
  { tools: C, args: '@flags.rsp -c main.c', equal: 'whole' },
  { tools: C, args: 'main.c -o program', equal: 'whole' },
  { tools: C, args: '-finput-charset=UTF-8 -c umläut.c', equal: 'whole' },
  { tools: 'gcc', args: '-traditional-cpp -c bare.c', equal: 'whole', by: 'plain' },
  { tools: 'gcc', args: '-flto -frandom-seed=1 -O2 -c bare.c', equal: 'whole' },
  { tools: 'clang', args: '-flto -O2 -c bare.c', equal: 'whole' },
  // C++
  { tools: CXX, args: '-O2 -c templates.cpp', equal: 'whole' },
  { tools: CXX, args: '-std=c++20 -O1 -fno-exceptions -fno-rtti -c raw.cpp', equal: 'whole' },
  { tools: CXX, args: '-std=c++17 -Wall -Wextra -c templates.cpp -o out/t.o', equal: 'whole' },
  { tools: C, args: '-x c++ -c main.c -o out/main.o', equal: 'whole' },
  { tools: 'g++', args: '-c main.c', equal: 'whole' },
  // Debug info: gcc to the byte, clang but for the checksums of files, which DWARF 5 has.
  { tools: 'gcc', args: '-O2 -g -c main.c', equal: 'whole' },
  { tools: 'gcc', args: '-g -gdwarf-4 -c sub/deep.c -o out/deep.o', equal: 'whole' },
  { tools: 'gcc', args: '-g1 -O2 -c parser.c', equal: 'whole' },
  {
    tools: 'gcc',
    args: '-ggdb -Og -ffile-prefix-map=include=inc -I include -isystem sys -DNAME=1 -c include.c',
    equal: 'whole',
  },
  { tools: 'g++', args: '-g -O2 -c templates.cpp', equal: 'whole' },
  { tools: 'g++', args: '-g -std=c++20 -c raw.cpp', equal: 'whole' },
  { tools: 'gcc', args: '-g -gsplit-dwarf -c main.c -o out/main.o', equal: 'whole' },
  { tools: 'gcc', args: '-g -gz -c main.c', equal: 'whole' },
  { tools: 'clang', args: '-O2 -gdwarf-4 -c main.c', equal: 'whole' },
  { tools: 'clang', args: '-gdwarf-4 -c sub/deep.c -o out/deep.o', equal: 'whole' },
  { tools: 'clang++', args: '-gdwarf-4 -c templates.cpp', equal: 'whole' },
  { tools: 'clang clang++', args: '-O2 -g -c templates.cpp', equal: 'stripped' },
  { tools: 'clang', args: '-g -gsplit-dwarf -c main.c -o out/main.o', equal: 'stripped' },
  { tools: C, args: '-g3 -c main.c', equal: 'stripped' },
  { tools: C, args: '-g -pedantic -c main.c', equal: 'stripped' },
  { tools: C, args: '-g -include include/forced.h -c forced.c', equal: 'stripped' },
  // Dependencies and further outputs
  { tools: C, args: '-MD -c main.c', equal: 'whole' },
  { tools: C, args: '-MMD -MP -c main.c -o out/main.o', equal: 'whole' },
  { tools: C, args: '-MD -MF out/x.d -MT a$b -MQ c$d -c main.c', equal: 'whole' },
  { tools: C, args: '-MMD -MP -MFout/y.d -c main.c -o out/a.b.o', equal: 'whole' },
  { tools: 'gcc', args: '-MD -MMD -c main.c -o out/plain', equal: 'whole' },
  { tools: C, args: '-Wp,-MD,out/z.d -c main.c -o out/main.o', equal: 'whole' },
  { tools: C, args: '-Wp,-MMD,out/z.d -MT named -c main.c -o out/main.o', equal: 'whole' },
  { tools: C, args: '-MD -S main.c', equal: 'whole' },
  { tools: C, args: '-MD -c with\\ space.c -o out/#odd\\ name.o', equal: 'whole' },
  { tools: C, args: '-MD -include include/forced.h -c forced.c', equal: 'whole' },
  { tools: C, args: '-O2 -fstack-usage -c main.c -o out/main.o', equal: 'whole' },
  { tools: 'gcc', args: '-O2 -fcallgraph-info=su -c main.c', equal: 'whole' },
  { tools: C, args: '-c ready.i', equal: 'whole' },
  { tools: CXX, args: '-c ready.ii', equal: 'whole' },
]

const root = realpathSync(mkdtempSync(join(tmpdir(), 'preprocessed-way-')))
after(() => rmSync(root, { recursive: true, force: true }))

let folders = 0
for (const row of ROWS) {
  for (const tool of row.tools.split(' ')) {
    const skip = isInstalled(tool) ? false : `${tool} is not installed`
    test(`${tool} ${row.args}`, { skip }, () => {
      const home = newFolder()
      for (const [name, text] of Object.entries(PROJECT)) write(join(home, name), text)
      const args = splitWords(row.args)
      const invocation = understood(tool, args, home)

      const expected = compileAtHome(tool, args, invocation, home)
      const variants = variantsFor(invocation, versionOf(tool))
      const fits = variants.filter((variant) => {
        const reached = compileAway(tool, invocation, variant, home)
        if (reached === undefined) return false
        assertDependency(invocation, home, expected.dependency, variant)
        const equal = variant === variants[0] ? row.equal : 'stripped'
        for (const [path, bytes] of expected.outputs) {
          assertEqual(path, reached.get(path), bytes, equal, variant)
        }
        return true
      })
      assert.equal(fits[0], row.by ?? variants[0], 'the variant that would be used')
    })
  }
}

function understood(tool: string, args: readonly string[], cwd: string): CompileInvocation {
  const family = compilerFamily(tool)
  assert(family !== undefined)
  const invocation = parseInvocation({ family, tool, args, cwd, env: new Map() }, localFiles)
  assert(invocation.kind === 'compile', `stays at home: ${JSON.stringify(invocation)}`)
  return invocation
}

interface Compiled {
  readonly outputs: ReadonlyMap<string, Buffer>
  readonly dependency: Buffer | undefined
}

function compileAtHome(tool: string, args: readonly string[], invocation: CompileInvocation, home: string): Compiled {
  // The object of a call that also links has no name of its own.
  const links = invocation.mode === 'link'
  const plain = links ? ['-c', ...args.slice(0, args.indexOf('-o')), '-o', 'main.o'] : args
  run(tool, plain, home)
  const { outputs } = remoteArguments(invocation, 'plain')
  const dependency = invocation.dependency && join(home, invocation.dependency.path)
  const compiled = {
    outputs: new Map(outputs.map((path) => [path, readFileSync(join(home, path))])),
    dependency: dependency === undefined ? undefined : readFileSync(dependency),
  }
  for (const path of outputs) rmSync(join(home, path))
  if (dependency !== undefined) rmSync(dependency)
  return compiled
}

/** Undefined when the variant cannot do it. */
function compileAway(
  tool: string,
  invocation: CompileInvocation,
  variant: PreprocessVariant,
  home: string,
): ReadonlyMap<string, Buffer> | undefined {
  const command = preprocessCommand(invocation, variant)
  const text = command === undefined ? readFileSync(join(home, invocation.source)) : preprocess(tool, command, home)
  const ready = text === undefined ? undefined : shippableText(invocation, variant, text)
  if (ready?.kind !== 'text') return undefined

  const { args, inputPath, outputs } = remoteArguments(invocation, variant)
  const checked = checkRemoteArguments(invocation.family, args)
  assert(checked.ok, `the worker refuses ${JSON.stringify(checked)}`)
  assert.equal(checked.inputPath, inputPath)
  // The worker has the client's path, and nothing there but the text.
  const aside = `${home}.client`
  renameSync(home, aside)
  try {
    for (const path of ['sub/here', ...outputs]) mkdirSync(dirname(join(home, path)), { recursive: true })
    write(join(home, inputPath), ready.bytes)
    if (!succeeds(tool, args, home)) return undefined
    const written = outputs.filter((path) => existsSync(join(home, path)))
    return new Map(written.map((path) => [path, readFileSync(join(home, path))]))
  } finally {
    rmSync(home, { recursive: true })
    renameSync(aside, home)
  }
}

function preprocess(tool: string, command: readonly string[], cwd: string): Buffer | undefined {
  const { status, stdout, stderr } = spawnSync(tool, command, { cwd, env: environment(cwd), maxBuffer: 2 ** 28 })
  if (status !== 0) return undefined
  assert.equal(stderr.toString(), '', 'the preprocessor is silent')
  return stdout
}

function assertDependency(
  { dependency }: CompileInvocation,
  home: string,
  expected: Buffer | undefined,
  variant: PreprocessVariant,
): void {
  if (dependency === undefined) return
  const path = join(home, dependency.path)
  assert.equal(readFileSync(path).toString(), expected?.toString(), `the dependency file by ${variant}`)
  rmSync(path)
}

function assertEqual(
  path: string,
  reached: Buffer | undefined,
  expected: Buffer,
  equal: Row['equal'],
  variant: PreprocessVariant,
): void {
  assert(reached !== undefined, `${path} was written`)
  if (equal === 'whole') assert(reached.equals(expected), `${path} by ${variant} is equal to the byte`)
  else if (isElf(expected) && !path.endsWith('.dwo')) {
    assert(stripped(reached).equals(stripped(expected)), `${path} by ${variant} is equal without debug info`)
  }
}

function stripped(object: Buffer): Buffer {
  const folder = newFolder()
  const path = join(folder, 'object')
  write(path, object)
  run('strip', ['-d', path], folder)
  return readFileSync(path)
}

function isElf(bytes: Buffer): boolean {
  return bytes.subarray(1, 4).toString('latin1') === 'ELF'
}

function run(tool: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(tool, args, { cwd, env: environment(cwd) })
  assert.equal(`${status}\n${stderr}`, '0\n', `${tool} ${args.join(' ')}`)
}

/** Silently: what prints anything is repeated at home. */
function succeeds(tool: string, args: readonly string[], cwd: string): boolean {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd, env: environment(cwd) })
  return status === 0 && stdout.length === 0 && stderr.length === 0
}

function environment(cwd: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], PWD: cwd, LC_ALL: 'C.UTF-8', SOURCE_DATE_EPOCH: '1700000000' }
}

function versionOf(tool: string): string {
  return spawnSync(tool, ['-dumpversion']).stdout.toString()
}

function isInstalled(tool: string): boolean {
  return spawnSync(tool, ['--version']).status === 0
}

function newFolder(): string {
  const folder = join(root, String(folders++))
  mkdirSync(folder)
  return folder
}

function write(path: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}

/** Words parted by blanks; a backslash protects the next character. */
function splitWords(line: string): readonly string[] {
  return (line.match(/(?:\\.|\S)+/g) ?? []).map((word) => word.replace(/\\(.)/g, '$1'))
}
