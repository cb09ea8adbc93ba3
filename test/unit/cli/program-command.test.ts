import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { packageFolder, programCommand } from '../../../src/cli/package-folder.ts'

test('a node gets the same flags from bin/hg as from who starts it in the background', () => {
  const inherited = new Set(process.execArgv)
  const [, ...words] = programCommand('hg')
  const flags = words.slice(0, -1).filter((word) => !inherited.has(word))
  const script = readFileSync(join(packageFolder, 'bin', 'hg'), 'utf8')
  assert.ok(flags.length > 0)
  assert.match(script, new RegExp(`^exec "\\$node" ${flags.join(' ')} "\\$package/dist/hg.js" "\\$@"$`, 'm'))
})
