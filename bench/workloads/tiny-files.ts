import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Field } from '../contenders/contender.ts'
import { type BuildWork, treeWork } from '../timing/timed-build.ts'

const MAKEFILE = `sources := $(wildcard *.c)
all: $(sources:.c=.o)
%.o: %.c
\t@gcc -O2 -c $< -o $@
`

/** Many sources of a few lines: what each costs beside its compile is what counts. */
export function tinyFiles({ shared }: Field, count: number): Promise<BuildWork> {
  return treeWork(shared, `tiny-${count}`, ['make'], async (tree) => {
    await mkdir(tree, { recursive: true })
    await writeFile(join(tree, 'Makefile'), MAKEFILE)
    for (let index = 0; index < count; index++) await writeFile(join(tree, `tiny${index}.c`), tinySource(index))
  })
}

function tinySource(index: number): string {
  return `#include <stdio.h>\n\nvoid tiny${index}(void) { printf("%d\\n", ${index}); }\n`
}
