/**
 * What a cell costs: `node bench/cells.ts`. Placing is told as CPU time of the cell, latency beside the compiler itself.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunTree } from '../src/compiler/runner.ts'
import { type SandboxBench, sandboxBench } from '../test/integration/sandbox-bench.ts'

const ROUNDS = 40
const HELLO = '#include <stdio.h>\nint main(void)\n{\n  puts("hello");\n  return 0;\n}\n'

async function main(): Promise<void> {
  const bench = await sandboxBench()
  try {
    await tellPlacing(bench)
    await tellLatency(bench)
  } finally {
    await bench.stop()
  }
}

async function tellPlacing(bench: SandboxBench): Promise<void> {
  const empty = await cpuOf(bench, syntheticTree(bench, 0, 0))
  for (const [files, bytes] of [
    [20, 160_000],
    [250, 2_000_000],
    [2_000, 16_000_000],
  ] as const) {
    const spent = await cpuOf(bench, syntheticTree(bench, files, bytes))
    console.log(`placing ${files} files of ${bytes} bytes in all: ${(spent - empty).toFixed(2)} ms of CPU`)
  }
}

/** As headers are: one in five is large, most are small, some dozens share a folder. */
function syntheticTree(bench: SandboxBench, count: number, bytes: number): RunTree {
  const unit = bytes / (count * 1.8)
  return {
    files: Array.from({ length: count }, (_, index) => ({
      path: `/home/peer/include/folder-${index % 12}/header-${index}.h`,
      from: bench.keep(`${index}`.padEnd(Math.round(index % 5 === 0 ? 5 * unit : unit), ' ')),
      mtimeSeconds: 1_700_000_000,
    })),
    links: [],
    folders: [],
    view: 0,
  }
}

async function cpuOf(bench: SandboxBench, tree: RunTree): Promise<number> {
  const spent: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const { usage } = await bench.run({ compiler: '/bin/true', tree })
    spent.push(usage.userMs + usage.systemMs)
  }
  return median(spent)
}

async function tellLatency(bench: SandboxBench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cells-'))
  const cwd = join(folder, 'project')
  mkdirSync(cwd)
  writeFileSync(join(cwd, 'hello.c'), HELLO)
  const args = ['-O2', '-c', 'hello.c', '-o', 'hello.o']
  const tree = await bench.treeFor('gcc', args, cwd)
  const request = { compiler: '/usr/bin/gcc', args, cwd, env: ['PATH=/usr/bin:/bin'], outputs: ['hello.o'], tree }
  const direct: number[] = []
  const away: number[] = []
  const inside: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    direct.push(await timed(() => plain('/usr/bin/gcc', args, cwd)))
    away.push(
      await timed(async () => {
        const { usage, exitCode } = await bench.run(request)
        if (exitCode !== 0) throw new Error('the compile failed')
        inside.push(usage.wallMs)
      }),
    )
    await plain('/bin/sleep', ['0.02'], cwd) // The next cell is made.
  }
  rmSync(folder, { recursive: true })
  const [gcc, run, cell] = [direct, away, inside].map(least)
  console.log(
    `hello.c with ${tree.files.length} files, the best of ${ROUNDS}: gcc ${gcc} ms, run ${run} ms, of it in the cell ${cell} ms`,
  )
  console.log(
    `the median: gcc ${median(direct).toFixed(1)} ms, run ${median(away).toFixed(1)} ms, of it in the cell ${median(inside).toFixed(1)} ms`,
  )
}

function plain(program: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve) => spawn(program, args, { cwd, stdio: 'ignore' }).once('exit', () => resolve()))
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function least(values: readonly number[]): string {
  return Math.min(...values).toFixed(1)
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0
}

await main()
