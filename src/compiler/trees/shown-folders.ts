import { dirname } from 'node:path'

/** Where workers show files of their own under a client's tree: all that a compiler is made of, in `/opt` that of others, too. */
const MAY_BE_SHOWN = [
  '/usr/',
  '/bin/',
  '/sbin/',
  '/lib',
  '/etc/alternatives/',
  '/nix/store/',
  '/gnu/store/',
  '/opt/',
] as const
/** What they never show among them: a client's headers stand there. */
const NEVER_SHOWN = ['/usr/include/', '/usr/local/include/', '/usr/src/', '/usr/local/src/'] as const

/**
 * Whether a worker may show something of its own at `path`, of which a folder ends with `/`: elsewhere nothing is there but
 * the tree itself, and compilers that somebody installed in a place of their own. `compiler` is its path, which tells the folder of one that is installed apart.
 */
export function mayBeShown(path: string, compiler: string): boolean {
  const installation = `${dirname(dirname(compiler))}/`
  return (
    (MAY_BE_SHOWN.some((folder) => path.startsWith(folder)) &&
      !NEVER_SHOWN.some((folder) => path.startsWith(folder))) ||
    (installation !== '/' && installation !== '/usr/' && path.startsWith(installation))
  )
}
