import { sha256 } from '../base/digest.ts'
import type { ToolchainId } from '../compiler/toolchain.ts'
import type { InputTree } from '../compiler/trees/input-tree.ts'
import type { ActionKey } from './digest.ts'
import { treeFilesDigest } from './tree-files-digest.ts'

/** A compile as a function of what it depends on. */
export interface Action {
  readonly toolchain: ToolchainId
  /** The compiler as it is called: clang spells its own folders after that, and g++ is another language. */
  readonly compiler: string
  readonly cwd: string
  /** All after the compiler's name, as the compile runs with them. */
  readonly args: readonly string[]
  /** `NAME=value`: the variables that travel with a compile. */
  readonly env: readonly string[]
  /** What is absent from it does not count: were it there, it would be one of the files. */
  readonly tree: Pick<InputTree, 'files' | 'links' | 'folders'>
  /** The date, if the compile may tell it. */
  readonly date: string | undefined
  /** Whether it may tell when its files were last changed. */
  readonly usesTimestamp: boolean
}

/** Equal for equal actions and no others. Files, links, folders and variables count as sets. */
export function actionKey({ toolchain, compiler, cwd, args, env, tree, date, usesTimestamp }: Action): ActionKey {
  const { files, links, folders } = tree
  const text =
    words([ENCODING, toolchain, compiler, cwd, date ?? '', treeFilesDigest(files, usesTimestamp ? 'all' : 'twins')]) +
    words(args) +
    words([...env].sort()) +
    words(links.map(({ path, target }) => words([path, target])).sort()) +
    words([...folders].sort())
  return sha256(text) as ActionKey
}

/** Changes whenever a key is made in another way, so that results of earlier versions are not mistaken for answers. */
const ENCODING = 'hybridgrid action 1'

/** A list in a form that no other list has: how many there are, then each behind its length. */
function words(list: readonly string[]): string {
  let text = `${list.length};`
  for (const word of list) text += `${word.length}:${word}`
  return text
}
