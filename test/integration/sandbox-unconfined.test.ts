import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { RunnerError, type RunnerFailure, type RunRequest } from '../../src/compiler/runner.ts'
import { type SandboxBench, type SandboxBenchInit, sandboxBench } from './sandbox-bench.ts'
import { descendants } from './sandbox-processes.ts'

/** Where the machine has no namespaces: text is compiled all the same, in bounds, and no trees are taken. */
const HELPER = join(import.meta.dirname, '../../dist/sandbox')
const ENV = ['PATH=/usr/bin:/bin', 'LC_ALL=C']

/** A warden that the kernel allows nothing. */
function deniedHelper(folder: string): string {
  const path = join(folder, 'denied')
  writeFileSync(path, `#!/bin/sh\n[ "$1" = plain ] && exec '${HELPER}' "$@"\nexit 1\n`)
  chmodSync(path, 0o755)
  return path
}

/** A shell that overlooks what the sandbox puts before a compiler's arguments. */
function shellIn(folder: string): string {
  const path = join(folder, 'shell')
  writeFileSync(path, '#!/bin/sh\nshift\nexec /bin/sh "$@"\n')
  chmodSync(path, 0o755)
  return path
}

const WAYS: Readonly<Record<string, (folder: string) => string | undefined>> = {
  'a kernel without namespaces': (folder) => (existsSync(HELPER) ? deniedHelper(folder) : undefined),
  'a package without the native sandbox': (folder) => join(folder, 'absent'),
}

for (const [name, helperIn] of Object.entries(WAYS)) {
  describe(name, () => {
    const unconfined = (
      what: string,
      check: (bench: SandboxBench, shell: string) => Promise<void>,
      init: SandboxBenchInit = {},
    ) =>
      test(what, async (context) => {
        const folder = mkdtempSync(join(tmpdir(), 'unconfined-'))
        chmodSync(folder, 0o755) // A root's compiles run as another user.
        const helper = helperIn(folder)
        if (helper === undefined) return context.skip('the native sandbox was not built')
        const bench = await sandboxBench({ ...init, helper })
        try {
          await check(bench, shellIn(folder))
        } finally {
          await bench.stop()
          rmSync(folder, { recursive: true })
        }
      })

    unconfined('says that it does not confine, and why', async ({ runner }) => {
      assert.equal(runner.sandbox.kind, 'none')
      assert(runner.sandbox.kind === 'none' && runner.sandbox.why.length > 0)
      assert.equal(runner.takesTrees, false)
    })

    unconfined('compiles text as if it were in the client’s folder', async (bench) => {
      const files = [{ path: 'x.c', bytes: Buffer.from('int answer(void) { return 42; }\n') }]
      const args = ['-fpreprocessed', '-g', '-c', 'x.c', '-o', 'out/x.o']
      const request = { compiler: '/usr/bin/gcc', args, cwd: '/home/peer', env: ENV, files, outputs: ['out/x.o'] }
      const { exitCode, outputs } = await bench.run(request)
      assert.equal(exitCode, 0)
      assert(Buffer.from(outputs[0]?.bytes ?? []).includes('/home/peer\0'))
      assert(!Buffer.from(outputs[0]?.bytes ?? []).includes(bench.folder))
    })

    unconfined('takes no tree, and nothing that would lie outside of its folder', async (bench) => {
      const requests: readonly Partial<RunRequest>[] = [
        { tree: bench.treeOf({ '/home/peer/x.c': '' }) },
        { outputs: ['/tmp/x.o'] },
        { outputs: ['../../../x.o'] },
        { files: [{ path: '../../../x.c', bytes: Buffer.alloc(1) }] },
      ]
      for (const request of requests) await fails('RUNNER_PATH_REFUSED', bench.shell('true', request))
    })

    unconfined(
      'ends what takes too long',
      (bench, compiler) => fails('RUNNER_TIME_LIMIT', bench.shell('sleep 1000 | sleep 1000', { compiler })),
      { limits: { wallMs: 50 } },
    )

    unconfined('takes no flood', (bench, compiler) => fails('RUNNER_TOO_LARGE', bench.shell('yes >&2', { compiler })), {
      limits: { printedBytes: 64 * 1024 },
    })

    unconfined('leaves nothing when it stops', async (bench, compiler) => {
      const { exitCode } = await bench.shell('echo > left-behind; sleep 1000 &', { compiler })
      assert.equal(exitCode, 0)
      await bench.runner.stop()
      assert.equal(existsSync(join(bench.folder, 'work')), false)
      assert.deepEqual(
        descendants()
          .map(({ command }) => command)
          .filter((command) => command === 'sleep'),
        [],
      )
      await fails('RUNNER_STOPPED', bench.shell('true'))
    })
  })
}

async function fails(code: RunnerFailure['code'], run: Promise<unknown>): Promise<void> {
  await assert.rejects(run, (error) => {
    assert(error instanceof RunnerError, String(error))
    assert.equal(error.reason.code, code)
    return true
  })
}
