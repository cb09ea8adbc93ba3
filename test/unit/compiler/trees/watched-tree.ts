import assert from 'node:assert/strict'
import { sha256 } from '../../../../src/base/digest.ts'
import {
  decodeMemory,
  encodeMemory,
  NOTHING_SAVED,
  type SavedMemory,
} from '../../../../src/compiler/includes/saved-memory.ts'
import type { ToolchainId } from '../../../../src/compiler/toolchain.ts'
import type { ToolchainProcesses } from '../../../../src/compiler/toolchain-process.ts'
import type { InputTree } from '../../../../src/compiler/trees/input-tree.ts'
import {
  type BuiltTree,
  createTreeBuilder,
  type TreeBuilder,
  type TreeMemory,
} from '../../../../src/compiler/trees/tree-builder.ts'
import type { Disk } from './disks.ts'
import { compileOf } from './tree-bench.ts'

export type FitTree = Extract<BuiltTree, { kind: 'tree' }>

/** A tree builder that remembers, and one that ends after each look and leaves what it knows to the next, both held against one that has just been born. */
export class WatchedTree {
  readonly #disk: Disk
  readonly #builder: TreeBuilder
  #left = NOTHING_SAVED

  constructor(disk: Disk) {
    this.#disk = disk
    this.#builder = builderOver(disk)
  }

  /** Builds the tree of `gcc -c w/a.c ARGS...`, run in the disk's root; fails if what was remembered shows in it. */
  async look(args: readonly string[], hint = ''): Promise<BuiltTree> {
    const remembered = await buildWith(this.#builder, this.#disk, args)
    const fresh = await buildWith(builderOver(this.#disk), this.#disk, args)
    assert.deepEqual(contentOf(remembered), contentOf(fresh), `as if nothing was remembered ${hint}`)
    const restarted = builderOver(this.#disk, this.#left)
    const told = await buildWith(restarted, this.#disk, args)
    assert.deepEqual(contentOf(told), contentOf(fresh), `as if nothing was left by nodes before ${hint}`)
    const left = decodeMemory(encodeMemory(restarted.memory(), ''), '')
    assert.ok(left !== undefined)
    this.#left = left
    return remembered
  }

  /** The same, where the tree is known to fit. */
  async tree(args: readonly string[]): Promise<FitTree> {
    const built = await this.look(args)
    assert.ok(built.kind === 'tree', JSON.stringify(built))
    return built
  }
}

/** The text of one of a tree's files; undefined if it is not in it. */
export function textOf({ tree, bytes }: FitTree, path: string): string | undefined {
  const found = bytes(tree.files.findIndex((file) => file.path === path))
  return found === undefined ? undefined : Buffer.from(found).toString()
}

function builderOver({ files, clock, root }: Disk, saved: SavedMemory = NOTHING_SAVED): TreeBuilder & TreeMemory {
  const stderr = `#include "..." search starts here:\n#include <...> search starts here:\n ${root}/sys\nEnd of search list.\n`
  const processes: ToolchainProcesses = { ask: async () => ({ exitCode: 0, stdout: '', stderr }) }
  return createTreeBuilder({ files, clock, processes, mayBeShown: () => true, saved })
}

async function buildWith(builder: TreeBuilder, { root }: Disk, args: readonly string[]): Promise<BuiltTree> {
  const invocation = compileOf(['-c', 'w/a.c', ...args], root)
  return builder.build(invocation, {
    toolchain: { id: sha256('a compiler') as ToolchainId, family: 'gcc' },
    compiler: '/usr/bin/gcc',
    cwd: root,
    env: new Map(),
    outputs: [invocation.output],
  })
}

/** All that a tree says, in an order of its own. */
function contentOf(built: BuiltTree): unknown {
  if (built.kind === 'unfit') return built
  const { tree, usesDate, usesTime, usesTimestamp } = built
  return { ...sorted(tree), usesDate, usesTime, usesTimestamp }
}

function sorted({ files, links, folders, absent }: InputTree): InputTree {
  const byPath = (a: { readonly path: string }, b: { readonly path: string }) => (a.path < b.path ? -1 : 1)
  return {
    files: [...files].sort(byPath),
    links: [...links].sort(byPath),
    folders: [...folders].sort(),
    absent: [...absent].sort(),
  }
}
