import { dirname } from 'node:path'
import type { InputTree } from './input-tree.ts'

/** Where workers show files of their own under a client's tree: all that a compiler is made of. */
const MAY_BE_SHOWN = ['/usr/', '/bin/', '/sbin/', '/lib', '/etc/alternatives/', '/nix/store/', '/gnu/store/'] as const
/** What they never show among them: a client's headers stand there. */
const NEVER_SHOWN = ['/usr/include/', '/usr/local/include/', '/usr/src/', '/usr/local/src/'] as const

/**
 * The absences of a tree that a worker has to check: elsewhere nothing is there but the tree itself. `compiler` is its
 * path, which tells the folder of one that is installed apart.
 */
export function absencesToCheck({ absent }: InputTree, compiler: string): readonly string[] {
  const installation = `${dirname(dirname(compiler))}/`
  return absent.filter(
    (path) =>
      (MAY_BE_SHOWN.some((folder) => path.startsWith(folder)) &&
        !NEVER_SHOWN.some((folder) => path.startsWith(folder))) ||
      (installation !== '/' && installation !== '/usr/' && path.startsWith(installation)),
  )
}
