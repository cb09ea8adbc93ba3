import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyTree, debianSource } from '../../test/lan/builds/debian-source.ts'
import { redis } from '../../test/lan/builds/projects.ts'

/** One source file that is compiled again and again. */
export interface SingleSource {
  readonly name: string
  /** Where the compiler is called. */
  readonly cwd: string
  /** What follows the compiler's name. */
  readonly args: readonly string[]
  /** A command that makes the source one that nobody has compiled yet. */
  readonly freshen: readonly string[]
}

/** Ends the source with a declaration of its own, named by the time: the object stays the same. */
const FRESHEN = 'cp "$1.orig" "$1" && date +"extern int fresh_%s_%N;" >>"$1"'

const HELLO = '#include <stdio.h>\n\nint main(void) {\n  puts("hello, world");\n  return 0;\n}\n'

/** The smallest program: what it costs is what a contender costs. */
export async function helloSource(folder: string): Promise<SingleSource> {
  return singleSource('hello.c', folder, HELLO, ['-O2', '-c', 'hello.c', '-o', 'hello.o'])
}

const SERVER_FLAGS = '-pedantic -DREDIS_STATIC= -std=c11 -Wall -W -Wno-missing-field-initializers -O2 -g -ggdb'
const SERVER_FOLDERS = ['hiredis', 'linenoise', 'lua/src', 'hdr_histogram'].map((name) => `-I../deps/${name}`)

/** A large source with many headers, compiled as redis does it. */
export async function serverSource(folder: string): Promise<SingleSource> {
  const tree = join(folder, 'redis')
  await copyTree(await debianSource(redis.name, redis.version), tree)
  await redis.prepare?.(tree)
  const args = [...SERVER_FLAGS.split(' '), '-fno-omit-frame-pointer', ...SERVER_FOLDERS]
  return singleSource('server.c', join(tree, 'src'), undefined, [...args, '-MMD', '-o', 'server.o', '-c', 'server.c'])
}

/** Writes a source, and keeps it as it was beside it; without `text` it is there already. */
export async function singleSource(
  name: string,
  cwd: string,
  text: string | undefined,
  args: readonly string[],
): Promise<SingleSource> {
  const path = join(cwd, name)
  const original = text ?? (await readFile(path, 'utf8'))
  await writeFile(path, original)
  await writeFile(`${path}.orig`, original)
  return { name, cwd, args, freshen: ['sh', '-c', FRESHEN, 'sh', path] }
}
