import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { packageFolder } from '../../../src/cli/package-folder.ts'

const FLAG_FILE = join(packageFolder, 'src', 'cli', 'buffers-as-heap.ts')
/** Far more buffers than V8 lets be by themselves, each forgotten at once. */
const BUFFERS = 'for (let i = 0; i < 4_000; i += 1) Buffer.allocUnsafeSlow(100_000)'

/** How often the whole heap is searched while many buffers come and go. */
function searches(before: string): { readonly searches: number; readonly stderr: string } {
  const script = `import { countBuffersAsHeap } from ${JSON.stringify(FLAG_FILE)}\n${before}\n${BUFFERS}`
  const args = ['--trace-gc', '--initial-heap-size=256', '--input-type=module', '--eval', script]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { searches: stdout.match(/Mark-Compact/g)?.length ?? 0, stderr }
}

test('buffers that come and go do not have the whole heap searched', {
  skip: !process.versions.v8.startsWith('13.'),
}, () => {
  const [before, after] = [searches(''), searches('countBuffersAsHeap(undefined, 8 * 2 ** 30)')]
  assert.ok(before.searches > 0)
  assert.equal(after.searches, 0)
})

test('a small machine lets them be searched for, and keeps its memory', () => {
  assert.ok(searches('countBuffersAsHeap(undefined, 4 * 2 ** 30)').searches > 0)
})

test('a V8 that does not know of it is left alone, and says nothing', () => {
  const left = searches("countBuffersAsHeap('12.4.254.21-node.24', 8 * 2 ** 30)")
  assert.ok(left.searches > 0)
  assert.equal(left.stderr, '')
})
