import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyTree, debianSource } from '../../test/lan/builds/debian-source.ts'
import type { Field } from '../contenders/contender.ts'
import { type BuildWork, treeWork } from '../timing/timed-build.ts'

const MAKEFILE = `sources := $(wildcard docs/examples/*.cpp)
all: $(sources:.cpp=.o)
%.o: %.cpp
\t@g++ -std=c++17 -O1 -g -Iinclude -c $< -o $@
`

/** Examples of a JSON library that is all headers: small C++ sources that each read a million bytes of templates. */
export function jsonExamples({ shared }: Field, count: number): Promise<BuildWork> {
  return treeWork(shared, 'json-examples', ['make'], async (tree) => {
    await copyTree(await debianSource('nlohmann-json3', '3.11'), tree)
    await writeFile(join(tree, 'Makefile'), MAKEFILE)
    const examples = join(tree, 'docs/examples')
    const names = (await readdir(examples)).filter((name) => name.endsWith('.cpp')).sort()
    for (const name of names.slice(count)) await rm(join(examples, name))
  })
}
