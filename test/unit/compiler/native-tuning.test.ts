import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CompilerFamily } from '../../../src/compiler/invocation.ts'
import { NativeTuning } from '../../../src/compiler/native-tuning.ts'
import type { ToolchainId } from '../../../src/compiler/toolchain.ts'

const GCC_NATIVE =
  ' /usr/lib/gcc/12/cc1 -quiet /dev/null "-march=znver3" -mavx -mno-hle --param "l1-cache-size=32" "-mtune=znver3" -quiet -dumpbase null'
const GCC_CONCRETE =
  ' /usr/lib/gcc/12/cc1 -quiet /dev/null -quiet -dumpbase null "-march=znver3" -mavx -mno-hle "-mtune=znver3" --param "l1-cache-size=32"'
const CLANG_NATIVE =
  ' "/usr/bin/clang" "-cc1" "-target-cpu" "znver3" "-target-feature" "+64bit" "-target-feature" "+avx" "-target-feature" "-hle"'
const CLANG_CONCRETE =
  ' "/usr/bin/clang" "-cc1" "-target-cpu" "znver3" "-target-feature" "-hle" "-target-feature" "+avx" "-tune-cpu" "generic"'

describe('tuning for this processor', () => {
  test('gcc is given what its driver detected, in front of all else', async () => {
    const { concrete } = bench('gcc', GCC_NATIVE, GCC_CONCRETE)
    assert.deepEqual(await concrete('-O2', '-march=native', '-mno-avx', '-c', 'a.c'), [
      ...['-march=znver3', '-mavx', '-mno-hle', '--param', 'l1-cache-size=32', '-mtune=znver3'],
      ...['-O2', '-mno-avx', '-c', 'a.c'],
    ])
  })

  test('clang is given the processor and each feature, but for those that have no option', async () => {
    const { concrete } = bench('clang', CLANG_NATIVE, CLANG_CONCRETE.replace(' "-tune-cpu" "generic"', ''))
    assert.deepEqual(await concrete('-march=native', '-g', '-c', 'a.c'), [
      ...['-march=znver3', '-mavx', '-mno-hle', '-g', '-c', 'a.c'],
    ])
  })

  test('each compiler is asked once for the same words', async () => {
    const { concrete, asked } = bench('gcc', GCC_NATIVE, GCC_CONCRETE)
    await Promise.all([concrete('-march=native', 'a.c'), concrete('-march=native', 'b.c')])
    await concrete('-march=native', 'c.c')
    assert.equal(asked.length, 2)
    await concrete('-march=native', '-mno-sse', 'c.c')
    assert.equal(asked.length, 4)
  })

  test('nothing changes where the result would not be the same', async () => {
    const { concrete, asked } = bench('gcc', GCC_NATIVE, GCC_CONCRETE)
    for (const line of [
      '-O2 -c a.c',
      '-march=native -g -c a.c',
      '-march=native -flto -c a.c',
      '-march=native -fverbose-asm -S a.c',
      '-march=native -march=native -c a.c',
      '-march=native+crypto -c a.c',
    ]) {
      assert.deepEqual(await concrete(...line.split(' ')), line.split(' '))
    }
    assert.deepEqual(asked, [])
    const without = await concrete('-march=native', '-g', '-gno-record-gcc-switches', '-c', 'a.c')
    assert.equal(without[0], '-march=znver3')
  })

  test('nothing changes where the compiler does not say, or the words mean something else to it', async () => {
    const line = ['-march=native', '-c', 'a.c']
    const bad: readonly (readonly [string, string])[] = [
      ['', ''],
      [GCC_NATIVE, ''],
      [GCC_NATIVE, GCC_CONCRETE.replace('-mavx', '-mavx2')],
      [GCC_NATIVE.replace('-mavx', '-fplugin=x'), GCC_CONCRETE],
    ]
    for (const answers of bad) {
      assert.deepEqual(await bench('gcc', ...answers).concrete(...line), line)
    }
    assert.deepEqual(await bench('clang', CLANG_NATIVE, CLANG_CONCRETE).concrete(...line), line)
  })
})

function bench(family: CompilerFamily, native: string, concrete: string) {
  const asked: (readonly string[])[] = []
  const tuning = new NativeTuning({
    processes: {
      ask: async (argv) => {
        asked.push(argv)
        const isNative = argv.some((word) => word.endsWith('=native'))
        return { exitCode: 0, stdout: '', stderr: `Target: x\n${isNative ? native : concrete}\n` }
      },
    },
  })
  const toolchain = { id: '1'.repeat(64) as ToolchainId, family }
  const call = { toolchain, compiler: '/usr/bin/cc', cwd: '/w' }
  return { asked, concrete: async (...args: string[]) => tuning.concrete({ ...call, args }) }
}
