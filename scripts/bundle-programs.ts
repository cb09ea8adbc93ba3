import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

/**
 * Bundles each program to `NAME.js` in `folder`. What `hg` loads late goes to `pieces/`: `hg peers` does not read libp2p. The
 * others, which builds wait for, are one piece each: to open eight takes a quarter of their time. A program that an old Node is asked to run says so in one line instead of a syntax error.
 * False when the sources do not fit together; what is wrong has then been said on stderr.
 */
export async function bundlePrograms(
  packageFolder: string,
  programs: readonly string[],
  folder: string,
): Promise<boolean> {
  const bundled = Promise.all(programs.map((program) => bundle(packageFolder, program, folder)))
  const fits = await bundled.then(
    () => true,
    () => false, // esbuild has said why.
  )
  if (!fits) return false
  for (const program of programs) writeFileSync(join(folder, `${nameOf(program)}.js`), gate(nameOf(program)))
  return true
}

function bundle(packageFolder: string, program: string, folder: string) {
  return build({
    absWorkingDir: packageFolder,
    entryPoints: [{ in: program, out: `pieces/${nameOf(program)}` }],
    outdir: folder,
    chunkNames: 'pieces/[name]-[hash]',
    bundle: true,
    splitting: nameOf(program) === 'hg',
    format: 'esm',
    platform: 'node',
    target: 'node22',
    sourcemap: 'linked',
    banner: { js: REQUIRE },
    logLevel: 'warning',
  })
}

function nameOf(program: string): string {
  return basename(program, '.ts')
}

/** Packages in the older format ask for others through `require`, which a module does not have. */
const REQUIRE = `import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);`

/**
 * In words that a Node of any age can read; `import()` is the newest of them (Node 10). What `hgbuild` was to run it then
 * runs without the mesh: for want of a Node no build fails.
 */
function gate(name: string): string {
  const called = name === 'launcher' ? 'hgbuild' : name
  return `var version = process.versions.node.split('.').map(Number)
if (version[0] > 22 || (version[0] === 22 && version[1] >= 15)) {
  import('./pieces/${name}.js')
} else {
  process.stderr.write('${called}: needs Node 22.15 or newer; this is v' + process.versions.node + '\\n')
  process.exitCode = 1
${called === 'hgbuild' ? RUN_PLAINLY : ''}}
`
}

/** `--trace` alone has a value. The guard keeps launchers that may still stand in PATH from asking for the mesh. */
const RUN_PLAINLY = `
  var words = process.argv.slice(2)
  var mayFallBack = process.env.HG_FALLBACK !== 'off'
  while (words.length > 0 && words[0].charAt(0) === '-') {
    if (words[0] === '--no-fallback') mayFallBack = false
    words.splice(0, words[0] === '--trace' ? 2 : 1)
  }
  if (mayFallBack && words.length > 0) import('child_process').then(runPlainly)
  function runPlainly(processes) {
    process.env.HG_LAUNCHER_ACTIVE = '1'
    var child = processes.spawn(words[0], words.slice(1), { stdio: 'inherit' })
    child.on('error', function (error) {
      process.stderr.write('hgbuild: ' + words[0] + ': ' + error.message + '\\n')
      process.exitCode = 127
    })
    child.on('exit', function (code, signal) {
      if (signal === null) process.exitCode = code
      else process.kill(process.pid, signal)
    })
  }
`
