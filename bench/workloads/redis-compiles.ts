import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { hasSources, type RecordedCall, recordCompiles, sourcesOf } from '../../test/closure/record-compiles.ts'
import { copyTree, debianSource } from '../../test/lan/builds/debian-source.ts'
import { redis } from '../../test/lan/builds/projects.ts'
import type { Field } from '../contenders/contender.ts'
import { type BuildWork, treeWork } from '../timing/timed-build.ts'

/** All of redis at -O0 on a slow machine. */
const RECORDING_MAX_MS = 600_000
const MAKEFILE = 'compiles.mk'

/**
 * The compiles of redis and of its libraries, as its own build calls them, and nothing else: no configure scripts, no links. Make starts
 * compilers without a shell.
 */
export async function redisCompiles({ shared }: Field): Promise<BuildWork & { readonly compiles: number }> {
  let compiles = 0
  const work = await treeWork(shared, 'redis-compiles', ['make', '-f', MAKEFILE], async (tree) => {
    await copyTree(await debianSource(redis.name, redis.version), tree)
    await redis.prepare?.(tree)
    const calls = await callsOf(tree)
    await writeMakefiles(tree, calls)
    compiles = calls.length
  })
  return { ...work, compiles }
}

async function callsOf(tree: string): Promise<readonly RecordedCall[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'hg-record-'))
  try {
    const calls = await recordCompiles(redis.command, { cwd: tree, scratch, timeoutMs: RECORDING_MAX_MS })
    return calls.filter((call) => call.args.includes('-c') && sourcesOf(call.args).length > 0 && hasSources(call))
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** One in each folder that compilers were called in, and one that calls them all. */
async function writeMakefiles(tree: string, calls: readonly RecordedCall[]): Promise<void> {
  const byFolder = Map.groupBy(calls, ({ cwd }) => relative(tree, cwd))
  const folders = [...byFolder.keys()].sort()
  const each = '\t@$(MAKE) --no-print-directory -C $@ -f'
  await writeFile(join(tree, MAKEFILE), `${rule('all', folders)}${rule(folders.join(' '), [])}${each} ${MAKEFILE}\n`)
  for (const [folder, own] of byFolder) {
    const names = own.map((_, index) => `compile-${index + 1}`)
    const rules = own.map(
      ({ tool, args }, index) => `${rule(names[index] ?? '', [])}\t@${[tool, ...args].map(quoted).join(' ')}\n`,
    )
    await writeFile(join(tree, folder, MAKEFILE), rule('all', names) + rules.join(''))
  }
}

function rule(target: string, needs: readonly string[]): string {
  return `.PHONY: ${target}\n${target}: ${needs.join(' ')}\n`
}

/** A word of a recipe. Make starts a program itself as long as no word needs a shell. */
function quoted(word: string): string {
  const forMake = word.replaceAll('$', '$$$$')
  return /^[\w@%+=:,./-]+$/.test(word) ? forMake : `'${forMake.replaceAll("'", "'\\''")}'`
}
