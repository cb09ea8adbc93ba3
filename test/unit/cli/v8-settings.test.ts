import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { packageFolder } from '../../../src/cli/package-folder.ts'

const SETTINGS_FILE = join(packageFolder, 'src', 'cli', 'v8-settings.ts')
/** Far more buffers than V8 lets be by themselves, each forgotten at once. */
const BUFFERS = 'for (let i = 0; i < 4_000; i += 1) Buffer.allocUnsafeSlow(100_000)'
/** Enough for V8 to compile it. */
const HOT_CODE = 'let sum = 0; function add(n) { sum += n % 7 }; for (let i = 0; i < 1e7; i += 1) add(i)'
const LARGE_MACHINE_BYTES = 8 * 2 ** 30
const SMALL_MACHINE_BYTES = 4 * 2 ** 30

/** What V8 traces of `script`, run behind a call of `settleV8` with those arguments; behind none without. */
function trace(flag: string, script: string, settings?: readonly [version?: string, memoryBytes?: number]) {
  const call = settings === undefined ? '' : `settleV8(${settings.map((value) => JSON.stringify(value)).join()})`
  const module = `import { settleV8 } from ${JSON.stringify(SETTINGS_FILE)}\n${call}\n${script}`
  const args = [flag, '--initial-heap-size=256', '--input-type=module', '--eval', module]
  return spawnSync(process.execPath, args, { encoding: 'utf8' })
}

/** How often the whole heap is searched while many buffers come and go. */
function searches(settings?: Parameters<typeof trace>[2]): number {
  return trace('--trace-gc', BUFFERS, settings).stdout.match(/Mark-Compact/g)?.length ?? 0
}

/** In which ways `add` is compiled. */
function waysOfCompiling(settings?: Parameters<typeof trace>[2]): readonly string[] {
  const { stdout } = trace('--trace-opt', HOT_CODE, settings)
  return [
    ...new Set([...stdout.matchAll(/compiling method .* add .*ConcurrencyMode::(\w+)/g)].map(([, way = '']) => way)),
  ]
}

const { v8 } = process.versions
const skip = !v8.startsWith('13.') && 'this V8 has no such flags'

test('buffers that come and go do not have the whole heap searched', { skip }, () => {
  assert.ok(searches() > 0)
  assert.equal(searches([v8, LARGE_MACHINE_BYTES]), 0)
})

test('a small machine lets them be searched for, and keeps its memory', () => {
  assert.ok(searches([v8, SMALL_MACHINE_BYTES]) > 0)
})

test('code is compiled by the thread that runs it', { skip }, () => {
  assert.deepEqual(waysOfCompiling(), ['kConcurrent'])
  assert.deepEqual(waysOfCompiling([v8, LARGE_MACHINE_BYTES]), ['kSynchronous'])
})

test('a V8 that does not know of it is left alone, and says nothing', () => {
  const settings = ['12.4.254.21-node.24', LARGE_MACHINE_BYTES] as const
  assert.ok(searches(settings) > 0)
  assert.deepEqual(waysOfCompiling(settings), ['kConcurrent'])
  assert.equal(trace('--trace-gc', BUFFERS, settings).stderr, '')
})
