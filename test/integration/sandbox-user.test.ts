import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

/** The user that has nothing. */
const NOBODY = 65534
const AS_NOBODY = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups']

/** Whoever is not root confines compiles by a user namespace: all tests of the sandbox hold there, too. */
const skip = nobodyCan('unshare', '--user', 'test', '-x', join(import.meta.dirname, '../../dist/sandbox'))
  ? false
  : 'only root can be someone else, where that one may have namespaces and read this folder'

function nobodyCan(...command: readonly string[]): boolean {
  return process.getuid?.() === 0 && spawnSync('setpriv', [...AS_NOBODY, ...command]).status === 0
}

for (const name of ['sandbox.test.ts', 'sandbox-ceded.test.ts', 'sandbox-hostile.test.ts']) {
  test(`an ordinary user: ${name}`, { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'nobody-'))
    chownSync(folder, NOBODY, NOBODY)
    try {
      const node = [process.execPath, '--test', '--test-reporter=tap', join(import.meta.dirname, name)]
      const env = { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder }
      const { stdout, stderr } = spawnSync('setpriv', [...AS_NOBODY, ...node], { env, cwd: folder })
      const text = stdout.toString()
      assert.match(text, /^# fail 0$/m, text + stderr.toString())
      assert.doesNotMatch(text, /# SKIP no namespaces/)
      assert.match(text, /^# pass [1-9]/m)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}
