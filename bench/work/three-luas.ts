import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyTree, debianSource } from '../../test/lan/builds/debian-source.ts'
import type { Field } from '../contenders/contender.ts'
import { type BuildWork, treeWork } from '../timing/timed-build.ts'

const COPIES = ['one', 'two', 'three']
/** Of one lua; links are not counted. */
export const LUA_COMPILES = 32

const MAKEFILE = `all: ${COPIES.join(' ')}
${COPIES.join(' ')}:
\t$(MAKE) -C $@/src linux 'CC=gcc -std=gnu99' MYCFLAGS=-g
.PHONY: all ${COPIES.join(' ')}
`

/** Three builds of lua side by side: enough files for eight workers, few enough for one. */
export async function threeLuas({ shared }: Field): Promise<BuildWork & { readonly compiles: number }> {
  const work = await treeWork(shared, 'three-luas', ['make'], async (tree) => {
    await mkdir(tree, { recursive: true })
    for (const copy of COPIES) await copyTree(await debianSource('lua5.4', '5.4'), join(tree, copy))
    await writeFile(join(tree, 'Makefile'), MAKEFILE)
  })
  return { ...work, compiles: COPIES.length * LUA_COMPILES }
}
