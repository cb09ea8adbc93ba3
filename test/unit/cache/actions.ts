import { sha256 } from '../../../src/base/digest.ts'
import type { Action } from '../../../src/cache/action-key.ts'
import type { ActionResult } from '../../../src/cache/action-result.ts'
import type { ActionKey, BlobDigest } from '../../../src/cache/digest.ts'
import type { ToolchainId } from '../../../src/compiler/toolchain.ts'
import type { TreeFile } from '../../../src/compiler/trees/input-tree.ts'

export function treeFile(path: string, content = path, mtimeSeconds = 1): TreeFile {
  return { path, digest: sha256(content), bytes: content.length, mtimeSeconds }
}

/** A compile of `/p/main.c` with two headers. */
export const ACTION: Action = {
  toolchain: sha256('gcc 12') as ToolchainId,
  compiler: '/usr/bin/gcc',
  cwd: '/p',
  args: ['-O2', '-c', 'main.c', '-o', 'main.o'],
  env: ['LANG=C', 'LC_ALL=C'],
  tree: {
    files: [treeFile('/p/main.c'), treeFile('/p/a.h'), treeFile('/p/b.h')],
    links: [
      { path: '/p/include', target: 'inc' },
      { path: '/p/lib', target: 'inc' },
    ],
    folders: ['/p', '/p/inc'],
  },
  date: undefined,
  usesTimestamp: false,
}

/** `ACTION` with other files. */
export function withFiles(...files: readonly TreeFile[]): Action {
  return { ...ACTION, tree: { ...ACTION.tree, files } }
}

export function keyOf(word: string): ActionKey {
  return sha256(word) as ActionKey
}

export function resultOf(...digests: readonly BlobDigest[]): ActionResult {
  return {
    outputs: digests.map((digest, at) => ({ path: `${at}.o`, digest, bytes: 4096 })),
    stdout: new Uint8Array(),
    stderr: new TextEncoder().encode('main.c:1: warning: unused\n'),
    producer: '12D3KooW',
    costMs: 120,
    createdAt: 1_700_000_000_000,
  }
}
