import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { shownLine } from '../../../src/cli/commands/node-logs.ts'
import { boundedFile, openLog } from '../../../src/node/logging.ts'

const folder = mkdtempSync(join(tmpdir(), 'hg-log-'))
after(() => rmSync(folder, { recursive: true }))

test('a log has a line for each event, and says no more than its level', () => {
  const path = join(folder, 'logs', 'node.log')
  const log = openLog(path, 'info')
  log.debug('too much')
  log.info('a peer joined', { peer: 'pi' })
  log.warn('a peer was lost')
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  assert.equal(lines.length, 2)
  assert.match(shownLine(lines[0] ?? ''), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} info {2}a peer joined peer="pi"$/)
})

test('a log is moved aside before it exceeds its bound', () => {
  const path = join(folder, 'bounded.log')
  const file = boundedFile(path, 10)
  for (const line of ['12345\n', '6789\n', 'abc\n']) file.write(line)
  assert.equal(readFileSync(path, 'utf8'), '6789\nabc\n')
  assert.equal(readFileSync(`${path}.1`, 'utf8'), '12345\n')
})

test('a log that cannot be written loses its lines, not the node', () => {
  assert.doesNotThrow(() => boundedFile(join(folder, 'nowhere', 'x.log'), 10).write('x\n'))
})

test('a line that is not JSON is shown as it is', () => {
  assert.equal(shownLine('Segmentation fault'), 'Segmentation fault')
})
