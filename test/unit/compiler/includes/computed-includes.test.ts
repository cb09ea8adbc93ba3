import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { treeBench } from '../trees/tree-bench.ts'

/** The files that `#include NAME` leads to, beside the source and its own headers; or why it cannot be told. */
async function ledTo(
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<readonly string[] | string> {
  const bench = treeBench({ '/ws/a.c': '#include NAME\n', '/ws/x.h': '', '/usr/include/x.h': '', ...files })
  const built = await bench.build('-c', 'a.c', ...args)
  if (built.kind === 'unfit') return built.why
  return built.tree.files.map(({ path }) => path).filter((path) => path !== '/ws/a.c')
}

describe('#include NAME leads to', () => {
  test('what the source defines', async () => {
    assert.deepEqual(await ledTo({ '/ws/a.c': '#define NAME "x.h"\n#include NAME\n' }), ['/ws/x.h'])
    assert.deepEqual(await ledTo({ '/ws/a.c': '#define NAME <x.h>\n#include NAME\n' }), ['/usr/include/x.h'])
  })

  test('what a header defines, in each way that it may', async () => {
    const files = {
      '/ws/a.c': '#include "names.h"\n#include NAME\n',
      '/ws/names.h': '#if A\n#define NAME "x.h"\n#else\n#define NAME "y.h"\n#endif\n',
      '/ws/y.h': '',
    }
    assert.deepEqual([...(await ledTo(files))].sort(), ['/ws/names.h', '/ws/x.h', '/ws/y.h'])
  })

  test('what the command line defines', async () => {
    assert.deepEqual(await ledTo({}, '-DNAME="x.h"'), ['/ws/x.h'])
    assert.deepEqual(await ledTo({}, '-D', 'NAME=<x.h>'), ['/usr/include/x.h'])
    assert.deepEqual(await ledTo({ '/ws/é.h': '' }, '-DNAME="é.h"'), ['/ws/é.h'])
  })

  test('what is defined by a name that goes on in the next line', async () => {
    assert.deepEqual(await ledTo({ '/ws/a.c': '#define NA\\\nME "x.h"\n#include NAME\n' }), ['/ws/x.h'])
  })

  test('what each of many names stands for, all looked for in the same files', async () => {
    const numbers = Array.from({ length: 9 }, (_, number) => number)
    const asked = numbers.map((number) => `#include NAME_${number}\n`).join('')
    const defined = numbers.map((number) => `#define NAME_${number} "${number}.h"\n`).join('')
    const files = Object.fromEntries(numbers.map((number) => [`/ws/${number}.h`, '']))
    // The last one lacks all names but one, and is looked through again and again.
    const source = `#include "names.h"\n#include "last.h"\n${asked}#include LAST\n`
    const headers = { '/ws/names.h': defined, '/ws/last.h': '#define LAST "x.h"\n' }
    const found = await ledTo({ ...files, ...headers, '/ws/a.c': source })
    const named = ['last', 'names', 'x'].map((name) => `/ws/${name}.h`)
    assert.deepEqual([...found].sort(), [...numbers.map((number) => `/ws/${number}.h`), ...named])
  })

  test('what a forced include defines', async () => {
    const files = { '/ws/forced.h': '#define NAME "x.h"\n' }
    assert.deepEqual(await ledTo(files, '-imacros', 'forced.h'), ['/ws/forced.h', '/ws/x.h'])
  })

  test('the end of a chain of macros', async () => {
    const source = '#define NAME ONE\n#define ONE TWO\n#define TWO "x.h"\n#include NAME\n'
    assert.deepEqual(await ledTo({ '/ws/a.c': source }), ['/ws/x.h'])
  })

  test('what a header defines that itself was found by a macro', async () => {
    const files = {
      '/ws/a.c': '#define FIRST "first.h"\n#include FIRST\n#include NAME\n',
      '/ws/first.h': '#define NAME "x.h"\n',
    }
    assert.deepEqual(await ledTo(files), ['/ws/first.h', '/ws/x.h'])
  })

  test('nothing, where a chain ends in itself', async () => {
    assert.deepEqual(await ledTo({ '/ws/a.c': '#define NAME ONE\n#define ONE NAME\n#include NAME\n' }), [])
  })

  test('nothing, where nobody defines it: the branch is dead', async () => {
    assert.deepEqual(await ledTo({}), [])
    assert.deepEqual(await ledTo({ '/ws/a.c': '#define NAME(x) <x>\n#include NAME\n' }), [])
  })

  test('the same in a probe: what it finds counts, too', async () => {
    const files = { '/ws/a.c': '#define NAME "x.h"\n#if __has_include(NAME)\n#endif\n' }
    assert.deepEqual(await ledTo(files), ['/ws/x.h'])
  })
})

describe('#include NAME cannot be told', () => {
  const untold: Readonly<Record<string, string>> = {
    'where it is called': '#define NAME(x) <x>\n#include NAME(x.h)\n',
    'where what it names is made into a string': '#define STRING(x) #x\n#define NAME STRING(x.h)\n#include NAME\n',
    'where more follows': '#define NAME <x\n#include NAME .h>\n',
    'where a word of the name may be a macro, too': '#define x y\n#define NAME <x.h>\n#include NAME\n',
    'where a word of the name is one of the compiler': '#define NAME <linux/x.h>\n#include NAME\n',
    'where it is the compiler that defines it': '#include __FILE__\n',
    'where it stands for what the compiler defines': '#define NAME __DATE__\n#include NAME\n',
    'where its name has more words than any has': `#define NAME <${'x/'.repeat(40)}x.h>\n#include NAME\n`,
    'where it is not plain ASCII': '#include é\n',
  }
  for (const [name, source] of Object.entries(untold)) {
    test(name, async () => assert.equal(await ledTo({ '/ws/a.c': source }), 'computed-include'))
  }

  test('but a name in quotes is taken as it is, and a function needs its parenthesis', async () => {
    assert.deepEqual(await ledTo({ '/ws/a.c': '#define x y\n#define NAME "x.h"\n#include NAME\n' }), ['/ws/x.h'])
    assert.deepEqual(await ledTo({ '/ws/a.c': '#define x(a) y\n#define NAME <x.h>\n#include NAME\n' }), [
      '/usr/include/x.h',
    ])
  })

  test('while every header leads to another: the rounds are counted', async () => {
    const files: Record<string, string> = { '/ws/a.c': '#define N0 "0.h"\n#include N0\n' }
    for (let index = 0; index < 40; index += 1) {
      files[`/ws/${index}.h`] = `#define N${index + 1} "${index + 1}.h"\n#include N${index + 1}\n`
    }
    assert.equal(await ledTo(files), 'computed-include')
  })

  test('a macro that asks whether a header is there is followed to all its calls', async () => {
    const has = '#ifdef __has_include\n#define HAS(x) __has_include(x)\n#else\n#define HAS(x) 0\n#endif\n'
    const files = {
      '/ws/a.c': '#include "has.h"\n#if defined HAS && HAS( <x.h> )\n#elif HAS(<none.h>)\n#endif\n',
      '/ws/has.h': `// Asks by HAS(x), HAS(NAME) or HAS("x.h").\n${has}#undef HAS\n`,
    }
    assert.deepEqual(await ledTo(files), ['/ws/has.h', '/usr/include/x.h'])
    const bench = treeBench(files)
    assert.ok((await bench.tree('-c', 'a.c')).tree.absent.includes('/usr/include/none.h'))
  })

  test('where a name in quotes is looked for beside the file that asks', async () => {
    const files = {
      '/ws/a.c': '#include "has.h"\n#include "sub/asks.h"\n',
      '/ws/has.h': '#define HAS(x) __has_include(x)\n',
      '/ws/sub/asks.h': '#if HAS("x.h")\n#endif\n',
      '/ws/sub/x.h': '',
    }
    assert.deepEqual([...(await ledTo(files))].sort(), ['/ws/has.h', '/ws/sub/asks.h', '/ws/sub/x.h'])
  })

  test('and one that asks for the next is no matter as long as nobody calls it', async () => {
    const next = '#define NEXT(x) __has_include_next(x)\n'
    assert.deepEqual(await ledTo({ '/ws/a.c': `${next}#ifdef NEXT\n#endif\n` }), [])
    assert.equal(await ledTo({ '/ws/a.c': `${next}#if NEXT(<x.h>)\n#endif\n` }), 'computed-probe')
  })

  for (const [why, call] of [
    ['a macro', '#if HAS(NAME)\n#endif\n'],
    ['a header of whose name a word is a macro', '#define x y\n#if HAS(<x.h>)\n#endif\n'],
    ['what another macro is given', '#define MORE(x) HAS(x)\n'],
    ['nothing, and has another name', '#define MORE HAS\n'],
  ] as const) {
    test(`but not when one asks for ${why}`, async () => {
      assert.equal(await ledTo({ '/ws/a.c': `#define HAS(x) __has_include(x)\n${call}` }), 'computed-probe')
    })
  }

  test('a probe that cannot be told says so', async () => {
    assert.equal(await ledTo({ '/ws/a.c': '#define NAME F(x)\n#if __has_include(NAME)\n#endif\n' }), 'computed-probe')
  })
})
