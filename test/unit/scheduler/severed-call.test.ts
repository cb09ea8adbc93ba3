import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChildRequest, ChildResult } from '../../../src/scheduler/launcher-hand.ts'
import { Slots } from '../../../src/scheduler/slots.ts'
import { agentBench } from './agent-bench.ts'
import { FakeHand } from './fake-hand.ts'

const SOURCES = ['a.c', 'b.c', 'c.c', 'd.c', 'e.c']
const LIST = ['-Iinc', '-MM', ...SOURCES]

/** What compilers say of each source that they are given; of `headless.c` that a header is missing. */
function listed({ argv }: ChildRequest): Partial<ChildResult> {
  const sources = argv.filter((word) => word.endsWith('.c'))
  const isRefused = (name: string) => name === 'headless.c'
  return {
    stdout: Buffer.from(
      sources
        .filter((name) => !isRefused(name))
        .map((name) => `${name};`)
        .join(''),
    ),
    stderr: Buffer.from(
      sources
        .filter(isRefused)
        .map((name) => `no header of ${name};`)
        .join(''),
    ),
    exitCode: sources.some(isRefused) ? 1 : 0,
  }
}

/** An agent whose user's files are all there. */
function bench(cores = 2) {
  const made = agentBench()
  Object.assign(made.components, {
    files: { read: () => undefined, mayBeReplaced: () => true, exists: () => true },
    localSlots: new Slots(cores),
  })
  return made
}

async function verbsOf(hand: FakeHand, cores?: number): Promise<readonly string[]> {
  await bench(cores).serve(hand)
  return hand.verbs
}

test('several calls list what one was asked for, and it is said in the order of the sources', async () => {
  const verbs = await verbsOf(new FakeHand(LIST, [], listed))
  assert.deepEqual(verbs, [
    'run /usr/bin/gcc -Iinc -MM a.c b.c',
    'run /usr/bin/gcc -Iinc -MM c.c d.c',
    'run /usr/bin/gcc -Iinc -MM e.c',
    'print stderr [local preprocess-only]',
    'print stdout a.c;b.c;',
    'print stdout c.c;d.c;',
    'print stdout e.c;',
    'exit 0',
  ])
})

test('a source that is refused keeps none of the others from being listed, and the call fails', async () => {
  const verbs = await verbsOf(new FakeHand(['-MM', 'headless.c', 'b.c'], ['HG_QUIET=1'], listed))
  assert.deepEqual(
    verbs.filter((verb) => !verb.startsWith('run') && !verb.includes('[local')),
    ['print stderr no header of headless.c;', 'print stdout b.c;', 'exit 1'],
  )
})

for (const [why, end] of Object.entries({
  'could not be started': undefined,
  'was killed': { exitCode: undefined, signal: 9 },
  'said too much': { overflowed: true, exitCode: undefined },
})) {
  test(`when one of them ${why}, the call itself is run and nothing was said before`, async () => {
    const children = (request: ChildRequest) => (request.argv.includes('c.c') ? end : listed(request))
    const verbs = await verbsOf(new FakeHand(LIST, [], children))
    assert.deepEqual(
      verbs.filter((verb) => !verb.startsWith('run')),
      ['print stderr [local preprocess-only]', `exec /usr/bin/gcc ${LIST.join(' ')}`],
    )
  })
}

test('what a driver says for itself it says once', async () => {
  for (const [said, severed] of [
    ['gcc: error: unrecognized command-line option', false],
    ['x.c:3: 1\nclang-14: warning: unused', false],
    ['cc1: error: one for each source', true],
    ['a.c:1:10: fatal error: gone.h', true],
  ] as const) {
    const verbs = await verbsOf(new FakeHand(LIST, [], () => ({ stderr: Buffer.from(said), exitCode: 1 })))
    assert.equal(verbs.at(-1), severed ? 'exit 1' : `exec /usr/bin/gcc ${LIST.join(' ')}`, said)
  }
})

test('on one core, or on a terminal, it stays one call', async () => {
  const colourful = new FakeHand(LIST, [], listed)
  Object.assign(colourful.hello, { stderrIsTerminal: true })
  for (const verbs of [await verbsOf(new FakeHand(LIST, [], listed), 1), await verbsOf(colourful)]) {
    assert.deepEqual(verbs.slice(-1), [`exec /usr/bin/gcc ${LIST.join(' ')}`])
    assert.ok(!verbs.some((verb) => verb.startsWith('run')))
  }
})

test('with many cores no more parts run at once than a launcher has children', async () => {
  const many = Array.from({ length: 100 }, (_, index) => `s${index}.c`)
  const verbs = await verbsOf(new FakeHand(['-M', ...many], [], listed), 64)
  assert.equal(verbs.filter((verb) => verb.startsWith('run')).length, 8)
  assert.equal(
    verbs
      .filter((verb) => verb.startsWith('print stdout'))
      .join('')
      .match(/s\d+\.c/g)
      ?.join(),
    many.join(),
  )
})
