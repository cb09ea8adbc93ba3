import { join } from 'node:path'
import { LAUNCHER_SILENCE_MS } from '../base/limits.ts'
import { runLauncher } from './run-launcher.ts'

// The launcher where there is no native one. Bundled to dist/pieces/launcher.js, called as dist/launcher.js.

await runLauncher(process.argv.slice(2), {
  silenceMs: LAUNCHER_SILENCE_MS,
  hgbuildFile: join(import.meta.dirname, '..', 'hgbuild.js'),
})
