import { existsSync, globSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { bundlePrograms } from './bundle-programs.ts'
import { compileNative } from './compile-native.ts'

// Builds what the package runs: `dist/*.js` from the programs, `dist/launcher` and `dist/sandbox` from C.
// May run while the last build is in use: everything is made under another name and then renamed.

const PACKAGE = join(import.meta.dirname, '..')
const DIST = join(PACKAGE, 'dist')
const FRESH = join(DIST, `.fresh-${process.pid}`)

/** Shared pieces of an older build are kept for a day: a node that was started from it may still want to load one. */
const OLD_PIECES_MS = 86_400_000

const PROGRAMS = ['src/cli/hg.ts', 'src/cli/hgbuild.ts', 'src/launcher/launcher.ts']
const NATIVE = [
  { name: 'launcher', sources: 'src/launcher/*.c', without: 'each compile then starts Node to ask the mesh' },
  { name: 'sandbox', sources: 'src/compiler/sandbox/*.c', without: 'this node then confines no compiles of its peers' },
]

mkdirSync(FRESH, { recursive: true })
try {
  const [bundled] = await Promise.all([bundlePrograms(PACKAGE, PROGRAMS.filter(isThere), FRESH), ...NATIVE.map(build)])
  if (!bundled) process.exitCode = 1
  install()
} finally {
  rmSync(FRESH, { recursive: true, force: true })
}

function isThere(path: string): boolean {
  return existsSync(join(PACKAGE, path))
}

async function build({ name, sources, without }: (typeof NATIVE)[number]): Promise<void> {
  const files = globSync(sources, { cwd: PACKAGE }).map((file) => join(PACKAGE, file))
  if (files.length === 0) return
  const failure = await compileNative(files, join(FRESH, name))
  if (failure !== undefined) process.stderr.write(`build: no dist/${name} (${failure}); ${without}\n`)
}

/** Pieces first: whoever starts a new program finds all that it is made of. */
function install(): void {
  const files = globSync('**', { cwd: FRESH }).filter((file) => statSync(join(FRESH, file)).isFile())
  const pieces = files.filter((file) => file.startsWith('pieces'))
  mkdirSync(join(DIST, 'pieces'), { recursive: true })
  for (const file of [...pieces, ...files.filter((file) => !pieces.includes(file))]) {
    renameSync(join(FRESH, file), join(DIST, file))
  }
  for (const old of globSync('pieces/*', { cwd: DIST })) {
    if (!pieces.includes(old) && Date.now() - statSync(join(DIST, old)).mtimeMs > OLD_PIECES_MS) rmSync(join(DIST, old))
  }
}
