import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Clock, systemClock } from '../../../src/base/clock.ts'
import { sha256 } from '../../../src/base/digest.ts'
import { CONTENTS_WAIT_MS, SOURCE_IN_REQUEST_MAX_BYTES } from '../../../src/base/limits.ts'
import type { RunRequest } from '../../../src/compiler/runner.ts'
import { decodeCompileReply, encodeCompileRequest } from '../../../src/protocols/compile-codec.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { TreeSpeaker } from '../../../src/protocols/tree-dictionary.ts'
import { RemoteError } from '../../../src/scheduler/remote-result.ts'
import { type TreeShipment, textShipment } from '../../../src/scheduler/shipment.ts'
import { CEDABLE, compiled, fileOf, GCC, REQUEST, shipmentOf, workerBench } from './worker-bench.ts'

const WORKER = 'worker' as PeerId
const NEVER = new AbortController().signal
const SOURCE = { '/home/ada/project/main.c': '#include "a.h"\nint main(void) { return A; }\n' }
const HEADER = { '/home/ada/project/a.h': '#define A 1\n' }

test('a tree is compiled where the client has it, with the same arguments', async () => {
  const { client, runs, contents } = workerBench()
  const result = await client('ada')(WORKER, REQUEST, shipmentOf({ ...SOURCE, ...HEADER }), NEVER)
  assert.equal(Buffer.from(result.outputs.get('main.o') ?? []).toString(), 'OBJECT')
  const [run] = runs
  assert.deepEqual(run?.args, ['-pipe', ...REQUEST.args])
  assert.equal(run?.cwd, REQUEST.cwd)
  assert.deepEqual(
    run?.files.map(({ path, bytes, mtimeSeconds }) => [path, Buffer.from(bytes).toString(), mtimeSeconds]),
    Object.entries(SOURCE).map(([path, text]) => [path, text, 1]),
    'a small source does not go over the disk',
  )
  assert.deepEqual(
    run?.tree?.files.map(({ path, from }) => [path, from]),
    Object.entries(HEADER).map(([path, text]) => [path, sha256(text)]),
  )
  assert.deepEqual(run?.tree?.folders, ['/home/ada/project'])
  assert.equal(contents.held, 0, 'contents may be evicted again')
})

test('what the assembler says of a pipe is never heard: it is compiled again as at home', async () => {
  const run = async ({ args }: RunRequest) =>
    compiled({ stderr: Buffer.from(args.includes('-pipe') ? '{standard input}:3: Warning' : '/tmp/cc1.s:3: Warning') })
  const { client, runs } = workerBench({ run })
  const result = await client('ada')(WORKER, REQUEST, shipmentOf(SOURCE), NEVER)
  assert.equal(Buffer.from(result.stderr).toString(), '/tmp/cc1.s:3: Warning')
  assert.deepEqual(
    runs.map(({ args }) => args),
    [['-pipe', ...REQUEST.args], REQUEST.args],
  )
})

test('what the compiler printed comes back with an object', async () => {
  const warned = compiled({ stderr: Buffer.from('main.c:1: warning'), stdout: Buffer.from('note') })
  const { client } = workerBench({ run: async () => warned })
  const result = await client('ada')(WORKER, REQUEST, shipmentOf(SOURCE), NEVER)
  assert.equal(Buffer.from(result.stderr).toString(), 'main.c:1: warning')
  assert.equal(Buffer.from(result.stdout).toString(), 'note')
})

test('outputs arrive whole, be they small enough for the reply itself or not', async () => {
  for (const size of [0, 1, 32 * 1024, 32 * 1024 + 1, 1_000_000]) {
    const bytes = Buffer.alloc(size, 'OBJECT')
    const { client } = workerBench({ run: async () => compiled({ outputs: [{ path: 'main.o', bytes }] }) })
    const result = await client('ada')(WORKER, REQUEST, shipmentOf(SOURCE), NEVER)
    assert.ok(bytes.equals(result.outputs.get('main.o') ?? Buffer.of(1)), `${size} bytes`)
  }
})

test('contents are sent once, over all sessions and clients, but for a small source', async () => {
  const { client, contents } = workerBench()
  const { sent, shipment } = watched(shipmentOf({ ...SOURCE, ...HEADER }))
  for (const name of ['ada', 'bob']) {
    await client(name)(WORKER, REQUEST, shipment, NEVER)
    await contents.holds(2)
  }
  assert.deepEqual(sent, [0, 1, 0])
  assert.equal(contents.written.length, 2)
})

test('a small source goes along with its request, once for a session; nothing is asked then', async () => {
  const { client, contents } = workerBench()
  const ada = client('ada')
  await ada(WORKER, REQUEST, shipmentOf(HEADER), NEVER)
  await contents.holds(1)
  const { sent, shipment } = watched(shipmentOf({ ...SOURCE, ...HEADER }))
  for (const _ of ['first', 'again']) {
    await ada(WORKER, REQUEST, shipment, NEVER)
    await contents.holds(2)
  }
  assert.deepEqual(sent, [0])
  assert.deepEqual(
    contents.written,
    [HEADER, SOURCE].flatMap((files) => Object.values(files).map(sha256)),
  )
})

test('a large source is asked for', async () => {
  const { client, runs, contents } = workerBench()
  const large = { '/home/ada/project/main.c': '/'.repeat(SOURCE_IN_REQUEST_MAX_BYTES + 1) }
  for (const name of ['ada', 'bob']) {
    const { sent, shipment } = watched(shipmentOf(large))
    await client(name)(WORKER, REQUEST, shipment, NEVER)
    assert.deepEqual(sent, name === 'ada' ? [0] : [])
  }
  assert.equal(runs.length, 2)
  assert.equal(contents.written.length, 1)
})

test('the second tree of a session names what the first had by number', async () => {
  const { client, runs } = workerBench()
  const ada = client('ada')
  const shipment = shipmentOf({ ...SOURCE, ...HEADER })
  await ada(WORKER, REQUEST, shipment, NEVER)
  const other = fileOf('/home/ada/project/b.c', 'int b;\n')
  const next = { ...shipment, tree: { ...shipment.tree, files: [other, ...shipment.tree.files.slice(1)] } }
  await ada(WORKER, REQUEST, { ...next, contents: () => Buffer.from('int b;\n') }, NEVER)
  assert.deepEqual(placedIn(runs[1]), ['/home/ada/project/b.c', '/home/ada/project/a.h'])
})

test('two clients that send the same contents at once upload them once', async () => {
  const { client, contents } = workerBench()
  const both = ['ada', 'bob'].map((name) => client(name)(WORKER, REQUEST, shipmentOf({ ...SOURCE, ...HEADER }), NEVER))
  await Promise.all(both)
  await contents.holds(2)
  const headers = Object.values(HEADER).map(sha256)
  assert.deepEqual(
    contents.written.filter((digest) => headers.includes(digest)),
    headers,
  )
})

test('a system header that the worker has itself is not sent', async () => {
  const { client, contents } = workerBench({ ownFiles: { '/usr/include/stdio.h': 'int puts(const char *);\n' } })
  const { sent, shipment } = watched(shipmentOf({ ...SOURCE, '/usr/include/stdio.h': 'int puts(const char *);\n' }))
  await client('ada')(WORKER, REQUEST, shipment, NEVER)
  assert.deepEqual(sent, [0])
  assert.ok(contents.has(sha256('int puts(const char *);\n')))
})

test('what is shown to compiles anyway is not put in place, if it is the same', async () => {
  const stddef = { '/usr/lib/gcc/include/stddef.h': 'typedef int size_t;\n' }
  const { client, runs } = workerBench({ ownFiles: stddef })
  await client('ada')(WORKER, REQUEST, shipmentOf({ ...SOURCE, ...stddef }), NEVER)
  assert.deepEqual(placedIn(runs[0]), Object.keys(SOURCE))
})

const DIFFERENT: readonly {
  readonly why: string
  readonly files?: Readonly<Record<string, string>>
  readonly absent?: readonly string[]
  readonly links?: readonly { readonly path: string; readonly target: string }[]
  readonly folders?: readonly string[]
}[] = [
  { why: 'a shown file differs', files: { '/usr/lib/gcc/include/stddef.h': 'typedef long size_t;\n' } },
  { why: 'a shown file is not here', files: { '/usr/lib/gcc/include/stdbool.h': '' } },
  { why: 'what must be absent is shown', absent: ['/usr/lib/gcc/include/stddef.h'] },
  { why: 'a shown link leads elsewhere', links: [{ path: '/usr/lib/gcc/12', target: '13' }] },
  { why: 'a shown folder is not here', folders: ['/usr/lib/clang'] },
]

for (const { why, files = {}, absent = [], links = [], folders = [] } of DIFFERENT) {
  test(`a tree is refused when ${why}`, async () => {
    const { client, runs, ownFiles } = workerBench({
      ownFiles: { '/usr/lib/gcc/include/stddef.h': 'typedef int size_t;\n' },
    })
    ownFiles.link('/usr/lib/gcc/12', '12.2')
    const shipment = shipmentOf({ ...SOURCE, ...files }, { absent, links, folders })
    await rejectsWith('tree-refused', client('ada')(WORKER, REQUEST, shipment, NEVER))
    assert.deepEqual(runs, [])
  })
}

test('headers among libraries that are others here are the client’s from then on', async () => {
  const { client, runs } = workerBench({ ownFiles: { [`${CEDABLE}/own.h`]: 'mine\n' } })
  const ada = client('ada')
  await ada(WORKER, REQUEST, shipmentOf({ ...SOURCE, [`${CEDABLE}/own.h`]: 'mine\n' }), NEVER)
  const headers = { [`${CEDABLE}/own.h`]: 'ours\n', [`${CEDABLE}/more.h`]: 'more\n' }
  await ada(WORKER, REQUEST, shipmentOf({ ...SOURCE, ...headers }), NEVER)
  const placed = runs.map(({ tree }) => tree?.files.map(({ path }) => path))
  assert.deepEqual(placed, [[], Object.keys(headers)])
  assert.deepEqual(
    runs.map(({ tree }) => tree?.view),
    [0, 1],
  )
  const without = shipmentOf(SOURCE, { absent: [CEDABLE] })
  await rejectsWith('tree-refused', ada(WORKER, REQUEST, without, NEVER))
})

test('a refused session serves the next request', async () => {
  const { client, runs } = workerBench({ slots: 1 })
  const ada = client('ada')
  const elsewhere = { ...shipmentOf({ ...SOURCE, ...HEADER }), compiler: '/opt/none/bin/gcc' }
  await rejectsWith('tree-refused', ada(WORKER, REQUEST, elsewhere, NEVER))
  const result = await ada(WORKER, REQUEST, { ...elsewhere, compiler: GCC.driver }, NEVER)
  assert.equal(result.exitCode, 0)
  assert.equal(runs.length, 1)
})

test('a worker that takes no trees says so, and takes text on the same session', async () => {
  const { client, runs } = workerBench({ takesTrees: false })
  const ada = client('ada')
  await rejectsWith('tree-refused', ada(WORKER, REQUEST, shipmentOf(SOURCE), NEVER))
  const text = await textShipment('main.c', Buffer.from('int x;\n'))
  const request = { ...REQUEST, args: ['-c', '-x', 'cpp-output', 'main.c', '-o', 'main.o'] }
  await ada(WORKER, request, text, NEVER)
  assert.equal(Buffer.from(runs[0]?.files[0]?.bytes ?? []).toString(), 'int x;\n')
})

const REFUSED_CALLS: readonly {
  readonly why: string
  readonly args: readonly string[]
  readonly outputs?: string[]
}[] = [
  { why: 'load a plugin', args: ['-c', '-fplugin=evil.so', 'main.c', '-o', 'main.o'] },
  { why: 'read further arguments from a file', args: ['-c', '@more', 'main.c', '-o', 'main.o'] },
  { why: 'start another program', args: ['-c', '-wrapper', 'sh,-c', 'main.c', '-o', 'main.o'] },
  { why: 'look for its parts elsewhere', args: ['-c', '-B/home/ada', 'main.c', '-o', 'main.o'] },
  { why: 'link', args: ['main.c', '-o', 'main'], outputs: ['main'] },
  { why: 'bring back what they do not write', args: REQUEST.args.slice(), outputs: ['main.o', '/etc/shadow'] },
  { why: 'hold a NUL', args: ['-c', 'main.c', '-o', 'main.o', '-DA=\0'] },
]

for (const { why, args, outputs = ['main.o'] } of REFUSED_CALLS) {
  test(`arguments that ${why} are not run`, async () => {
    const { client, runs } = workerBench()
    const asked = client('ada')(WORKER, { ...REQUEST, args, outputs }, shipmentOf(SOURCE), NEVER)
    await assert.rejects(asked)
    assert.deepEqual(runs, [])
  })
}

test('a file that changed since its tree was built is never sent', async () => {
  const { client, runs } = workerBench()
  const shipment = { ...shipmentOf(SOURCE), contents: () => undefined }
  await assert.rejects(
    client('ada')(WORKER, REQUEST, shipment, NEVER),
    (error) => error instanceof RemoteError && error.reason.code === 'REMOTE_INPUT_CHANGED',
  )
  assert.deepEqual(runs, [])
})

test('contents that are not what their digest says are refused', async () => {
  const { client, runs, contents } = workerBench()
  const text = Object.values(SOURCE)[0] ?? ''
  const shipment = { ...shipmentOf(SOURCE), contents: () => Buffer.from(text.replace('main', 'evil')) }
  await rejectsWith('malformed', client('ada')(WORKER, REQUEST, shipment, NEVER))
  assert.deepEqual(runs, [])
  assert.deepEqual([...contents.kept], [])
})

test('a source that is not what its digest says is of no interest to a worker that has it', async () => {
  const { client, stranger, contents } = workerBench()
  await client('ada')(WORKER, REQUEST, shipmentOf(SOURCE), NEVER)
  await contents.holds(1)
  const session = stranger('mallory')
  const { tree, compiler } = shipmentOf(SOURCE)
  const input = { kind: 'tree', compiler, ...new TreeSpeaker().name(tree), source: Buffer.from('evil') } as const
  await session.write(encodeCompileRequest({ ...REQUEST, input }))
  const reply = decodeCompileReply((await session.read(1_000_000)) ?? new Uint8Array())
  assert.equal(reply.status, 'done')
  assert.deepEqual(
    [...contents.kept.values()].map((bytes) => Buffer.from(bytes).toString()),
    Object.values(SOURCE),
  )
  session.abort(new Error('the test is over'))
})

test('a worker without room for contents refuses the tree', async () => {
  const { client, contents, runs } = workerBench()
  contents.full = true
  await rejectsWith('tree-refused', client('ada')(WORKER, REQUEST, shipmentOf({ ...SOURCE, ...HEADER }), NEVER))
  assert.deepEqual(runs, [])
  assert.equal(contents.held, 0)
})

test('contents that another client began to send and never ends are asked for again', async () => {
  const hurried: Clock = {
    ...systemClock,
    sleep: (ms, signal) => systemClock.sleep(ms === CONTENTS_WAIT_MS ? 0 : ms, signal),
  }
  const { client, stranger, runs } = workerBench({ clock: hurried })
  const silent = stranger('mallory')
  const { tree, compiler } = shipmentOf({ ...SOURCE, ...HEADER })
  const input = { kind: 'tree', compiler, ...new TreeSpeaker().name(tree) } as const
  await silent.write(encodeCompileRequest({ ...REQUEST, input }))
  assert.ok(await silent.read(1_000_000), 'the worker asks the stranger')
  const result = await client('ada')(WORKER, REQUEST, shipmentOf({ ...SOURCE, ...HEADER }), NEVER)
  assert.equal(result.exitCode, 0)
  assert.equal(runs.length, 1)
  silent.abort(new Error('the test is over'))
})

/** All that a run finds in place. */
function placedIn(run: RunRequest | undefined): readonly string[] {
  return [...(run?.files ?? []), ...(run?.tree?.files ?? [])].map(({ path }) => path)
}

/** The same, and which contents were sent. */
function watched(shipment: TreeShipment): { readonly sent: readonly number[]; readonly shipment: TreeShipment } {
  const sent: number[] = []
  const contents = (index: number) => {
    sent.push(index)
    return shipment.contents(index)
  }
  return { sent, shipment: { ...shipment, contents } }
}

async function rejectsWith(refusal: string, asked: Promise<unknown>): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof RemoteError, String(error))
    assert.deepEqual(error.reason, { code: 'REMOTE_REFUSED', refusal })
    return true
  })
}
