import assert from 'node:assert/strict'
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, type TestContext, test } from 'node:test'
import { sha256 } from '../../../src/base/digest.ts'
import { silentLog } from '../../../src/base/log.ts'
import { TIMESTAMP_GRANULE_MS } from '../../../src/compiler/includes/settled.ts'
import { readToolchainCache, writeToolchainCache } from '../../../src/compiler/toolchain-cache.ts'
import { absentPart, areUnchanged, FileDigests, hasText, stampFile } from '../../../src/compiler/toolchain-files.ts'
import { ToolchainRegistry } from '../../../src/compiler/toolchain-registry.ts'
import { SimClock } from '../../sim/clock.ts'
import { FakeMachine, GCC_ABOUT } from './fake-compilers.ts'

const GCC = { about: GCC_ABOUT, object: 'object' }

/** A machine with one gcc, and a node's registry on it. */
function machineWithGcc(context: TestContext) {
  const machine = new FakeMachine(context)
  const clock = new SimClock()
  const gcc = machine.program('bin/gcc', GCC)
  const cacheFile = machine.path('state/toolchains.json')
  const start = () => {
    const { processes } = machine
    return new ToolchainRegistry(
      { clock, log: silentLog, processes },
      { cacheFile, pathFolders: [machine.path('bin')] },
    )
  }
  return { machine, clock, gcc, cacheFile, start, registry: start() }
}

describe('the compilers of a machine', () => {
  test('are asked once, however many want to know', async (context) => {
    const { machine, gcc, registry } = machineWithGcc(context)
    const [one, other] = await Promise.all([registry.byDriver(gcc), registry.byDriver(gcc)])
    assert.ok(one !== undefined)
    assert.equal(other, one)
    const { length } = machine.asked
    assert.equal(await registry.byDriver(gcc), one)
    assert.equal(machine.asked.length, length)
    await registry.saved()
  })

  test('are asked once under all their names', async (context) => {
    const { machine, gcc, registry } = machineWithGcc(context)
    const cc = machine.link('bin/cc', 'gcc')
    const one = await registry.byDriver(cc)
    assert.equal((await registry.byDriver(gcc))?.id, one?.id)
    assert.equal(machine.asked.filter((question) => question.endsWith(' -v')).length, 1)
    assert.deepEqual(registry.all(), [one])
    await registry.saved()
  })

  test('are others after an upgrade, which the next call notices', async (context) => {
    const { machine, gcc, registry } = machineWithGcc(context)
    const old = await registry.byDriver(gcc)
    machine.program('bin/gcc', { ...GCC, about: GCC_ABOUT.replace('12.2.0', '12.3.0') }, '\x7fELF new')
    const upgraded = await registry.byDriver(gcc)
    assert.ok(old !== undefined && upgraded !== undefined)
    assert.notEqual(upgraded.id, old.id)
    assert.equal(await registry.byId(old.id), undefined, 'the old one is not run for a peer')
    assert.equal((await registry.byId(upgraded.id))?.id, upgraded.id)
    await registry.saved()
  })

  test('are others after an upgrade of what a name leads to', async (context) => {
    const { machine, registry } = machineWithGcc(context)
    const cc = machine.link('bin/cc', 'gcc')
    const old = await registry.byDriver(cc)
    machine.program('bin/gcc', { ...GCC, object: 'other' }, '\x7fELF new')
    assert.notEqual((await registry.byDriver(cc))?.id, old?.id)
    await registry.saved()
  })

  test('are the same again when files were only touched', async (context) => {
    const { gcc, registry } = machineWithGcc(context)
    const before = await registry.byDriver(gcc)
    utimesSync(gcc, 1, 1)
    assert.equal((await registry.byDriver(gcc))?.id, before?.id)
    await registry.saved()
  })

  test('are none once they were removed', async (context) => {
    const { gcc, registry } = machineWithGcc(context)
    const id = (await registry.byDriver(gcc))?.id
    renameSync(gcc, `${gcc}.away`)
    assert.equal(await registry.byDriver(gcc), undefined)
    assert.ok(id !== undefined)
    assert.equal(await registry.byId(id), undefined)
    await registry.saved()
  })

  test('are remembered as none, and not asked again, where they are none', async (context) => {
    const { machine, registry } = machineWithGcc(context)
    const other = machine.program('bin/clang')
    assert.equal(await registry.byDriver(other), undefined)
    const { length } = machine.asked
    assert.equal(await registry.byDriver(other), undefined)
    assert.equal(machine.asked.length, length)
    assert.deepEqual(registry.all(), [])
    await registry.saved()
  })

  test('are others once something has come that they take', async (context) => {
    const { machine, registry } = machineWithGcc(context)
    const own = machine.path('lib/gcc')
    const searched = `install: ${own}/\nprograms: =${own}/\nlibraries: =${own}/\n`
    const gcc = machine.program('bin/gcc', { ...GCC, searched, programs: {} })
    machine.program('lib/gcc/cc1')
    const before = await registry.byDriver(gcc)
    const specs = machine.program('lib/gcc/specs')
    const about = GCC_ABOUT.replace('Using built-in specs.', `Reading specs from ${specs}`)
    machine.speaks('bin/gcc', { ...GCC, about, searched })
    const withSpecs = await registry.byDriver(gcc)
    const as = machine.program('lib/gcc/as')
    machine.speaks('bin/gcc', { ...GCC, about, searched, programs: { as } })
    const withAssembler = await registry.byDriver(gcc)
    assert.equal(new Set([before?.id, withSpecs?.id, withAssembler?.id, undefined]).size, 4)
    await registry.saved()
  })

  test('are found in PATH', async (context) => {
    const { gcc, registry } = machineWithGcc(context)
    await registry.discover()
    assert.deepEqual(
      registry.all().map(({ driver }) => driver),
      [gcc],
    )
    await registry.saved()
  })
})

describe('the assembler of a call', () => {
  /** Whether gcc starts another in a call with this PATH, below the machine's folder. */
  function bench(context: TestContext) {
    const { machine, gcc, registry } = machineWithGcc(context)
    machine.program('bin/as')
    machine.program('bin/objcopy')
    machine.link('links/as', '../bin/as')
    machine.program('own/as', undefined, '#!/bin/sh\n')
    machine.program('tools/objcopy')
    machine.program('locked/as')
    chmodSync(machine.path('locked/as'), 0o644)
    const startsOthers = async (path: string, ...args: readonly string[]) => {
      await registry.byDriver(gcc)
      await registry.saved()
      const folders = path.split(':').map((folder) => (folder === '' ? '' : machine.path(folder)))
      const env = new Map([['PATH', folders.join(':')]])
      return registry.startsOthers({ compiler: gcc, args: ['-c', 'x.c', ...args], cwd: machine.path('own'), env })
    }
    return { machine, startsOthers }
  }

  const CALLS: readonly (readonly [string, boolean, string, ...(readonly string[])])[] = [
    ['is the compiler’s in the folders that a worker looks in', false, 'bin'],
    ['is the first one in PATH', true, 'own:bin'],
    ['is not one that comes later', false, 'bin:own'],
    ['is the same behind a link', false, 'gone:links'],
    ['is not one that cannot be run', false, 'locked:bin'],
    ['is one in the folder of the call where PATH says so', true, ':bin'],
    ['has its objects taken apart', true, 'tools:bin', '-gsplit-dwarf'],
    ['has no other tools by its side else', false, 'tools:bin'],
    ['is another where there is none', true, 'gone'],
  ]
  for (const [name, others, path, ...args] of CALLS) {
    test(name, async (context) => assert.equal(await bench(context).startsOthers(path, ...args), others))
  }

  test('is looked for at each call', async (context) => {
    const { machine, startsOthers } = bench(context)
    assert.equal(await startsOthers('new:bin'), false)
    machine.program('new/as')
    assert.equal(await startsOthers('new:bin'), true)
  })
})

test('a wrapper starts the compiler that comes next in the PATH of the call', async (context) => {
  const { machine, start } = machineWithGcc(context)
  machine.program('bin/ccache')
  machine.program('bin/as')
  const wrapper = machine.link('ccache/gcc', '../bin/ccache')
  machine.program('other/gcc', GCC, 'another')
  for (const registry of [start(), start()]) {
    assert.ok((await registry.byDriver(wrapper)) !== undefined)
    await registry.saved()
    const startsOthers = (...folders: readonly string[]) => {
      const env = new Map([['PATH', folders.map((folder) => machine.path(folder)).join(':')]])
      return registry.startsOthers({ compiler: wrapper, args: ['-c', 'x.c'], cwd: '/', env })
    }
    assert.deepEqual([startsOthers('ccache', 'bin'), startsOthers('ccache', 'other', 'bin')], [false, true])
  }
})

describe('what was learned outlives the node', () => {
  test('and no compiler is asked again', async (context) => {
    const { machine, gcc, registry, start } = machineWithGcc(context)
    const learned = await registry.byDriver(gcc)
    await registry.saved()
    machine.asked.length = 0
    assert.deepEqual(await start().byDriver(gcc), learned)
    assert.deepEqual(machine.asked, [])
  })

  test('unless the compiler is another by now', async (context) => {
    const { machine, gcc, registry, start } = machineWithGcc(context)
    const learned = await registry.byDriver(gcc)
    await registry.saved()
    machine.program('bin/gcc', { ...GCC, object: 'other' }, '\x7fELF new')
    const restarted = start()
    const now = await restarted.byDriver(gcc)
    assert.ok(now !== undefined)
    assert.notEqual(now.id, learned?.id)
    await restarted.saved()
  })

  test('whole or not at all, and leaves nothing beside it', async (context) => {
    const { machine, gcc, cacheFile, registry } = machineWithGcc(context)
    await registry.byDriver(gcc)
    await registry.saved()
    assert.deepEqual(readdirSync(machine.path('state')), ['toolchains.json'])
    assert.equal((await readToolchainCache(cacheFile)).length, 1)
  })

  const SPOILT: readonly (readonly [string, (text: string) => string])[] = [
    ['cut off', (text) => text.slice(0, -10)],
    ['of another version', (text) => text.replace('"version":2', '"version":1')],
    ['with an id that is none', (text) => text.replace(/"id":"\w/, '"id":"x')],
    ['with a family that is none', (text) => text.replace('"family":"gcc"', '"family":"tcc"')],
    ['without files to check', (text) => text.replace(/"files":\[.*?\]/, '"files":[]')],
    ['with places that are none', (text) => text.replace('"absent":[', '"absent":[7')],
    ['with stamps that are none', (text) => text.replace(/"ino":"\d+"/, '"ino":7')],
    ['of something else', () => 'null'],
    ['empty', () => ''],
  ]
  for (const [name, spoil] of SPOILT) {
    test(`but not from a file ${name}`, async (context) => {
      const { gcc, cacheFile, registry, start } = machineWithGcc(context)
      const learned = await registry.byDriver(gcc)
      await registry.saved()
      const text = readFileSync(cacheFile, 'utf8')
      assert.notEqual(spoil(text), text)
      writeFileSync(cacheFile, spoil(text))
      assert.deepEqual(await readToolchainCache(cacheFile), [])
      const restarted = start()
      assert.equal((await restarted.byDriver(gcc))?.id, learned?.id, 'it is asked again')
      await restarted.saved()
    })
  }

  test('but need not: a folder that cannot be written fails nothing', async (context) => {
    const { machine, gcc } = machineWithGcc(context)
    const { processes } = machine
    const cacheFile = `${gcc}/toolchains.json`
    const registry = new ToolchainRegistry(
      { clock: new SimClock(), log: silentLog, processes },
      { cacheFile, pathFolders: [machine.path('bin')] },
    )
    assert.ok(await registry.byDriver(gcc))
    await registry.saved()
    assert.equal(existsSync(cacheFile), false)
  })

  test('compilers that are none included', async (context) => {
    const { machine, cacheFile } = machineWithGcc(context)
    const stamp = stampFile(machine.path('bin/gcc'))
    assert.ok(stamp !== undefined)
    const program = { name: 'as', file: stamp }
    const known = [
      { path: '/usr/bin/cc', toolchain: undefined, files: [stamp], absent: ['/usr/x'], fromPath: [program] },
    ]
    await writeToolchainCache(cacheFile, known)
    assert.deepEqual(await readToolchainCache(cacheFile), known)
  })
})

describe('a file is another', () => {
  const CHANGES: readonly (readonly [string, (machine: FakeMachine, path: string) => void])[] = [
    ['when it is written to', (_, path) => writeFileSync(path, '\x7fELF other')],
    [
      'when one of the same size and time takes its place',
      (machine, path) => {
        utimesSync(machine.program('bin/other', undefined, readFileSync(path, 'utf8')), 1, 1)
        renameSync(machine.path('bin/other'), path)
      },
    ],
    ['when it is gone', (_, path) => renameSync(path, `${path}.away`)],
  ]
  for (const [name, change] of CHANGES) {
    test(name, (context) => {
      const machine = new FakeMachine(context)
      const path = machine.program('bin/gcc')
      utimesSync(path, 1, 1)
      const stamp = stampFile(path)
      assert.ok(stamp !== undefined && areUnchanged([stamp]))
      change(machine, path)
      assert.equal(areUnchanged([stamp]), false)
    })
  }

  test('and a folder is none', (context) => assert.equal(stampFile(new FakeMachine(context).folder), undefined))
})

describe('a text in a file', () => {
  for (const before of [0, 10, 1024 * 1024 - 3, 2 * 1024 * 1024]) {
    test(`is found behind ${before} bytes, and no other`, async (context) => {
      const path = new FakeMachine(context).program('lib/clang', undefined, `${'x'.repeat(before)}needle, and more`)
      assert.deepEqual([await hasText(path, 'needle'), await hasText(path, 'needles')], [true, false])
    })
  }
})

describe('what is not there', () => {
  test('is known by the shortest path at which nothing is, links resolved', (context) => {
    const machine = new FakeMachine(context)
    machine.program('lib/gcc/cc1')
    machine.link('lib64', 'lib')
    assert.equal(absentPart(machine.path('lib64/gcc/deep/er/specs')), machine.path('lib/gcc/deep'))
    assert.equal(absentPart(`${machine.path('lib64/gcc')}/../specs`), machine.path('lib/specs'))
    assert.equal(absentPart(machine.path('lib64/gcc/cc1')), undefined)
  })
})

describe('the digest of a file', () => {
  /** A file as it was long ago, by a clock that says so. */
  function oldFile(context: TestContext) {
    const machine = new FakeMachine(context)
    const path = machine.program('lib/cc1', undefined, 'one')
    let now = Date.now() + 2 * TIMESTAMP_GRANULE_MS
    const digests = new FileDigests({ clock: { wallTime: () => now } })
    const digest = async () => {
      const stamp = stampFile(path)
      assert.ok(stamp !== undefined)
      return { stamp, sha256: await digests.of(stamp) }
    }
    return { path, digests, digest, setClock: (to: number) => (now = to) }
  }

  test('is that of its content, and another when it changes', async (context) => {
    const { path, digest } = oldFile(context)
    assert.equal((await digest()).sha256, sha256('one'))
    writeFileSync(path, 'another')
    assert.equal((await digest()).sha256, sha256('another'))
  })

  test('is known the second time: the file is not read', async (context) => {
    const { path, digests, digest } = oldFile(context)
    const { stamp } = await digest()
    renameSync(path, `${path}.away`)
    assert.equal(await digests.of({ ...stamp, path: `${path}.gone` }), sha256('one'), 'under any of its names')
  })

  test('is made anew while the file was changed a moment ago', async (context) => {
    const { path, digests, digest, setClock } = oldFile(context)
    setClock(Date.now())
    const { stamp } = await digest()
    writeFileSync(path, 'two')
    assert.equal(await digests.of(stamp), sha256('two'), 'the stamp does not tell them apart')
  })

  test('is made again when reading failed', async (context) => {
    const { path, digests } = oldFile(context)
    const stamp = stampFile(path)
    assert.ok(stamp !== undefined)
    renameSync(path, `${path}.away`)
    await assert.rejects(digests.of(stamp))
    renameSync(`${path}.away`, path)
    assert.equal(await digests.of(stamp), sha256('one'))
  })
})
