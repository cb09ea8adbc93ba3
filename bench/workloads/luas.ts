import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyTree, debianSource } from '../../test/lan/builds/debian-source.ts'
import type { Field } from '../contenders/contender.ts'
import { type BuildWork, treeWork } from '../timing/timed-build.ts'

/** Of one lua; links are not counted. */
export const LUA_COMPILES = 34

/** Some builds of lua side by side: three have enough files for eight workers, and few enough for one. */
export async function luas({ shared }: Field, count: number): Promise<BuildWork & { readonly compiles: number }> {
  const work = await treeWork(shared, 'luas', ['make'], async (tree) => {
    const copies = Array.from({ length: count }, (_, index) => `lua-${index + 1}`)
    await mkdir(tree, { recursive: true })
    for (const copy of copies) await copyTree(await debianSource('lua5.4', '5.4'), join(tree, copy))
    await writeFile(join(tree, 'Makefile'), makefile(copies.join(' ')))
  })
  return { ...work, compiles: count * LUA_COMPILES }
}

function makefile(copies: string): string {
  return `all: ${copies}
${copies}:
\t$(MAKE) -C $@/src linux 'CC=gcc -std=gnu99' MYCFLAGS=-g
.PHONY: all ${copies}
`
}
