import { join } from 'node:path'
import { runLauncher } from '../../src/launcher/run-launcher.ts'
import { SILENCE_MS } from './launcher-bench.ts'

// The portable launcher, as patient as the native one is in tests.

await runLauncher(process.argv.slice(2), {
  silenceMs: SILENCE_MS,
  hgbuildFile: join(process.cwd(), 'package', 'dist', 'hgbuild.js'),
})
