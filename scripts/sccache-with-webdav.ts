import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Ours alone: nothing on the machine changes. Not kept in the repository. */
const FOLDER = join(import.meta.dirname, '../.hg-tools/sccache')
const PROGRAM = join(FOLDER, 'sccache')

/** The suite of Debian whose sccache speaks WebDAV; that of Debian 12 and 13 was built without. */
const SUITE = 'sid'

/** An sccache that can use a WebDAV store: the machine's own, or the one made here. Undefined when there is none. */
export function sccacheWithWebdav(): string | undefined {
  return ['sccache', PROGRAM].find((program) => {
    const { stdout } = spawnSync(program, ['--help'], { encoding: 'utf8' })
    return /^\s*WebDAV:\s*true$/m.test(stdout ?? '')
  })
}

/**
 * Takes a newer sccache from the Debian mirror that this machine uses, with the libraries that it was built for, and makes a
 * program of it that runs beside older ones. Returns whether there is one now.
 */
export function installSccacheWithWebdav(): boolean {
  if (sccacheWithWebdav() !== undefined) return true
  const mirror = debianMirror()
  if (mirror === undefined) return false
  const fresh = `${FOLDER}.${process.pid}`
  const apt = (tool: string, ...args: string[]) => run(fresh, [tool, ...optionsFor(fresh), ...args])
  try {
    for (const folder of ['lists/partial', 'cache/archives/partial', 'root'])
      mkdirSync(join(fresh, folder), { recursive: true })
    writeFileSync(join(fresh, 'sources.list'), `deb ${mirror} ${SUITE} main\n`)
    apt('apt-get', '-q', 'update')
    const needed =
      apt('apt-cache', 'depends', '--recurse', ...ONLY_DEPENDS, 'sccache').match(/^[a-z0-9][\w.+-]*$/gm) ?? []
    apt('apt-get', '-q', 'download', ...needed)
    for (const file of globSync('*.deb', { cwd: fresh })) run(fresh, ['dpkg-deb', '-x', file, 'root'])
    const [loader] = globSync('root/{usr/lib,usr/lib64,lib,lib64}/ld-linux*.so.*', { cwd: fresh })
    if (loader === undefined) return false
    writeFileSync(join(fresh, 'sccache'), launchScript(loader), { mode: 0o755 })
    for (const rest of ['lists', 'cache', ...globSync('*.deb', { cwd: fresh })])
      rmSync(join(fresh, rest), { recursive: true })
    rmSync(FOLDER, { recursive: true, force: true })
    renameSync(fresh, FOLDER)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return sccacheWithWebdav() !== undefined
}

const ONLY_DEPENDS = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
  (each) => `--no-${each}`,
)

/** Where this machine's own packages come from; undefined where that is no Debian. */
function debianMirror(): string | undefined {
  const asked = ['indextargets', '--format', '$(ORIGIN) $(COMPONENT) $(REPO_URI)', 'Identifier: Packages']
  const { stdout } = spawnSync('apt-get', asked, { encoding: 'utf8' })
  return /^Debian main (\S+\/debian\/?)$/m.exec(stdout ?? '')?.[1]
}

/** Has apt work in a folder of its own. */
function optionsFor(folder: string): readonly string[] {
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': 'root',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

/** Runs the program with the loader and the libraries that came with it. */
function launchScript(loader: string): string {
  return `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
libraries=$(find "$here/root" -name 'lib*.so*' -printf '%h\\n' | sort -u | paste -sd:)
exec "$here/${loader}" --library-path "$libraries" "$here/root/usr/bin/sccache" "$@"
`
}

function run(cwd: string, [program = '', ...args]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
  return stdout
}
