import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECTS } from './builds/projects.ts'
import { workbench } from './builds/workbench.ts'
import { describeResult } from './lab/command.ts'
import type { Host } from './lab/host.ts'
import { createLab } from './lab/lab.ts'
import { compilesDuring, startMesh } from './lab/mesh.ts'
import { labMissing, quotaMissing } from './lab/support.ts'

/** A slow machine, so that five of them fit on two cores with room for the harness. */
const SHARE_OF_A_CORE = 0.35
const WORKERS = 4
/** Compiles of hello.c whose median counts, in rounds that alternate between the two ways. */
const ROUNDS = 3
const COMPILES_PER_ROUND = 10

const HELLO = '#include <stdio.h>\nint main(void) { printf("hello %d\\n", VARIANT); return 0; }\n'
/** Times each compile by itself, in microseconds; every one is different, so none is remembered. */
const TIME_COMPILES = `
for i in $(seq 1 ${COMPILES_PER_ROUND}); do
  before=\${EPOCHREALTIME/./}
  gcc -O2 -DVARIANT=$1$i -c hello.c -o hello.o || exit 1
  echo $((\${EPOCHREALTIME/./} - before))
done`

/** Prints how long compiles take over the mesh, as ratios to the same without it in the same run: JSON, and words on stderr. */
async function main(): Promise<void> {
  const missing = labMissing() || quotaMissing()
  if (missing) {
    console.error(`error: nothing was measured: ${missing}`)
    process.exitCode = 1
    return
  }
  const one = await helloRatio()
  console.error(`hello.c on one worker: ${one.remoteMs} ms, gcc -c ${one.localMs} ms: ${one.ratio} times as long`)
  const project = await projectRatio()
  console.error(
    `${project.name} on client and ${WORKERS} workers of ${SHARE_OF_A_CORE} core: ${project.meshSeconds} s, ` +
      `plain make ${project.plainSeconds} s: ${project.ratio} times as fast, ` +
      `${project.remote} of ${project.compiles} compiles remote`,
  )
  console.log(JSON.stringify({ hello: one, project }))
}

async function helloRatio() {
  const lab = createLab({ hosts: 2 })
  try {
    const host = lab.host(1)
    writeFileSync(join(host.folder, 'hello.c'), HELLO)
    await startMesh(lab.hosts)
    const local: number[] = []
    const remote: number[] = []
    for (let round = 1; round <= ROUNDS; round++) {
      local.push(...(await timedCompiles(host, [], round)))
      remote.push(...(await timedCompiles(host, ['hgbuild', '--quiet', '--no-fallback'], round)))
    }
    const [localMs, remoteMs] = [median(local), median(remote)]
    return { localMs: round(localMs), remoteMs: round(remoteMs), ratio: round(remoteMs / localMs) }
  } finally {
    lab.destroy()
  }
}

async function timedCompiles(host: Host, prefix: readonly string[], round: number): Promise<readonly number[]> {
  const result = await host.run([...prefix, 'bash', '-c', TIME_COMPILES, 'bash', String(round)])
  if (result.exitCode !== 0) throw new Error(describeResult(result))
  return result.stdout
    .trim()
    .split('\n')
    .map((micros) => Number(micros) / 1000)
}

async function projectRatio() {
  const lab = createLab({ hosts: 1 + WORKERS, quota: SHARE_OF_A_CORE })
  try {
    const client = lab.host(1)
    const project = { ...PROJECTS.main, command: [...PROJECTS.main.command, '-j8'] }
    const bench = await workbench(client, project)
    await startMesh(lab.hosts)
    let meshMs = 0
    const counted = await compilesDuring(client, async () => {
      const result = await (await bench.start(['hgbuild'])).ended
      await bench.verify(result)
      meshMs = result.ms
    })
    return {
      name: project.name,
      plainSeconds: round(bench.reference.ms / 1000),
      meshSeconds: round(meshMs / 1000),
      ratio: round(bench.reference.ms / meshMs),
      compiles: counted.compiles,
      remote: counted.remote,
      cpuSeconds: lab.hosts.map((host) => round(host.cpuSeconds() ?? 0)),
    }
  } finally {
    lab.destroy()
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

await main()
