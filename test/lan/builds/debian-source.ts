import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { mustRun, runCommand } from '../lab/command.ts'

const SYSTEM_SOURCES = '/etc/apt'
/** Fetching a few megabytes; a mirror that takes longer is down. */
const FETCH_MAX_MS = 180_000

/** Why sources cannot be had from Debian on this machine, for a test's `skip`; false where they can. */
export function debianSourceMissing(): string | false {
  const missing = ['/usr/bin/apt-get', '/usr/bin/dpkg-source'].filter((program) => !existsSync(program))
  return missing.length > 0 && `the sources of other projects come from Debian, which needs ${missing.join(', ')}`
}

/**
 * The unpacked source of a Debian source package as its authors made it, without Debian's patches.
 * Fetched once and kept; copy it before use. `version` is what the upstream version must begin with.
 */
export async function debianSource(name: string, version: string): Promise<string> {
  const kept = join(cacheFolder(), `${name}-${version}`)
  if (existsSync(kept)) return kept
  await mkdir(cacheFolder(), { recursive: true })
  // On the disk of the cache, so that the tree can be moved there whole.
  const scratch = await mkdtemp(join(cacheFolder(), 'fetch-'))
  try {
    const description = await fetch(name, scratch)
    if (!description.includes(`_${version}`)) {
      throw new Error(`the tests need ${name} ${version}, this system's sources have ${description}`)
    }
    await mustRun(['dpkg-source', '--skip-patches', '--no-check', '-x', description, 'tree'], { cwd: scratch })
    await rename(join(scratch, 'tree'), kept).catch((error) => {
      if (!existsSync(kept)) throw error // Another run was first.
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  return kept
}

/** Copies a tree, sharing its blocks where the disk can. */
export async function copyTree(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await mustRun(['cp', '-a', '--reflink=auto', from, to])
}

/** Downloads a source package with an apt configuration of our own, and returns the name of its description file. */
async function fetch(name: string, folder: string): Promise<string> {
  const apt = await mkdtemp(join(tmpdir(), 'hg-apt-'))
  try {
    const options = await sourcesOnly(apt)
    const run = (...args: string[]) =>
      runCommand(['apt-get', ...options, ...args], { cwd: folder, timeoutMs: FETCH_MAX_MS })
    const update = await run('update') // A source that has no deb-src makes it fail; the package may come from another.
    let download = await run('source', '--download-only', name)
    for (const version of download.exitCode === 0 ? [] : await versions(name, options)) {
      download = await run('source', '--download-only', `${name}=${version}`)
      if (download.exitCode === 0) break
    }
    const description = (await readdir(folder)).find((file) => file.endsWith('.dsc'))
    if (download.exitCode === 0 && description !== undefined) return description
    throw new Error(`apt-get source ${name} failed:\n${update.stderr}\n${download.stderr}`)
  } finally {
    await rm(apt, { recursive: true, force: true })
  }
}

/** All versions that the sources list, in their order: a mirror may list one whose files are no longer there. */
async function versions(name: string, options: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runCommand(['apt-cache', ...options, 'showsrc', '--only-source', name])
  return [...stdout.matchAll(/^Version: (\S+)$/gm)].map(([, version = '']) => version)
}

/** apt's options for a copy of this system's sources in which every entry is a `deb-src`; the system's own stay as they are. */
async function sourcesOnly(folder: string): Promise<readonly string[]> {
  const parts = join(folder, 'parts')
  await mkdir(parts)
  await mkdir(join(folder, 'lists/partial'), { recursive: true })
  for (const path of await sourceFiles()) {
    const text = await readFile(path, 'utf8')
    const changed = path.endsWith('.sources')
      ? text.replace(/^Types:.*$/gm, 'Types: deb-src')
      : text.replace(/^deb(?=[ \t])/gm, 'deb-src')
    await writeFile(join(parts, basename(path)), changed)
  }
  const settings = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': parts,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': folder,
    'APT::Sandbox::User': 'root',
  }
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])
}

async function sourceFiles(): Promise<readonly string[]> {
  const parts = await readdir(join(SYSTEM_SOURCES, 'sources.list.d')).catch(() => [])
  const files = parts.filter((name) => /\.(list|sources)$/.test(name)).map((name) => join('sources.list.d', name))
  return ['sources.list', ...files].map((name) => join(SYSTEM_SOURCES, name)).filter((path) => existsSync(path))
}

function cacheFolder(): string {
  const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return process.env['HG_TEST_CACHE'] ?? join(caches, 'hybridgrid-tests')
}
