import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { isStats, type Stats } from '../../../src/status/job-listing.ts'
import { fields, type Shape } from '../../../src/status/shape.ts'
import { isWorkerList, type WorkerStatus } from '../../../src/status/snapshot.ts'
import { type CommandResult, describeResult, type Running } from './command.ts'
import { eventually } from './eventually.ts'
import type { Host } from './host.ts'

/** A node's start on two cores that other nodes and builds use too. */
const START_MAX_MS = 20_000
/** A node runs as long as its test. */
const NODE_MAX_MS = 3_600_000
/**
 * What each node offers whose host shares all cores with the others. More than there are: each takes the others' compiles for the load of
 * strangers, and would offer nothing. A host with a share of its own knows it.
 */
const SLOTS = ['--slots', '4']

/** Looking at all compilers of the machine, at once with the other hosts. */
const COMPILERS_MAX_MS = 30_000

/** Runs `hg node start` on a host, in the foreground; its words go to `node.log` in the host's folder. */
export function launchNode(host: Host, ...options: readonly string[]): Running {
  const log = join(host.folder, 'node.log')
  const slots = host.hasQuota ? [] : SLOTS
  return host.spawn(['hg', 'node', 'start', ...slots, ...options], { log, timeoutMs: NODE_MAX_MS })
}

/**
 * Starts a node on each host and waits until every one sees all with their compilers. Returns the nodes, in the order of
 * the hosts.
 */
export async function startMesh(hosts: readonly Host[]): Promise<readonly Running[]> {
  const nodes = hosts.map((host) => launchNode(host))
  await meshComplete(hosts, START_MAX_MS)
  await compilersKnown(hosts)
  return nodes
}

/**
 * Hosts of a lab have the same compilers, so they are known when every host lists the same of every other. They are
 * learned one after the other: a list that all share may still lack the one that a test is about to use.
 */
async function compilersKnown(hosts: readonly Host[]): Promise<void> {
  const least = compilersInstalled()
  await eventually('every host knows the compilers of all', COMPILERS_MAX_MS, async () => {
    const peers = (await Promise.all(hosts.map(peersOf))).flat()
    const lists = new Set(
      peers.map(({ toolchains }) =>
        toolchains
          .map(({ id }) => id)
          .sort()
          .join(),
      ),
    )
    const [list = ''] = lists
    return lists.size === 1 && list.split(',').filter(Boolean).length >= least
  })
}

/** Compilers of this machine that tests use; two names of one program count once. */
function compilersInstalled(): number {
  const paths = ['gcc', 'g++', 'clang'].map((name) => `/usr/bin/${name}`).filter((path) => existsSync(path))
  return new Set(paths.map((path) => realpathSync(path))).size
}

/** Waits until every host's `hg peers` lists all hosts. */
export async function meshComplete(hosts: readonly Host[], withinMs: number): Promise<void> {
  const names = hosts.map(({ name }) => name).sort()
  await eventually(`each of ${names.join(', ')} lists all`, withinMs, async () => {
    const views = await Promise.all(hosts.map(peersSeenBy))
    const incomplete = views.find((view) => view.join() !== names.join())
    if (incomplete === undefined) return true
    throw new Error(`one lists ${incomplete.join(', ')}`)
  })
}

/** The names that `hg peers` lists on a host, sorted. */
export async function peersSeenBy(host: Host): Promise<readonly string[]> {
  return (await peersOf(host)).map(({ name }) => name).sort()
}

async function peersOf(host: Host): Promise<readonly WorkerStatus[]> {
  return answer(await host.run(['hg', 'peers', '--json']), fields({ peers: isWorkerList })).peers
}

/** What the node of a host serves as `/workers`. */
export async function workersSeenBy(host: Host): Promise<readonly WorkerStatus[]> {
  return answer(await host.run(['curl', '-sS', '--max-time', '2', 'http://127.0.0.1:8080/workers']), isWorkerList)
}

/** What the node of a host has counted since its start. */
export async function statsOf(host: Host): Promise<Stats> {
  return answer(await host.run(['hg', 'stats', '--json']), isStats)
}

/** Compiles that the node of a host counted while `work` ran. */
export async function compilesDuring(
  host: Host,
  work: () => Promise<void>,
): Promise<{ readonly compiles: number; readonly remote: number; readonly cached: number; readonly told: string }> {
  const before = await statsOf(host)
  await work()
  const after = await statsOf(host)
  return {
    compiles: after.compiles - before.compiles,
    remote: after.remote - before.remote,
    cached: after.cached - before.cached,
    told: `since its start the node counted ${JSON.stringify(after)}`,
  }
}

function answer<T>(result: CommandResult, shape: Shape<T>): T {
  if (result.exitCode !== 0) throw new Error(describeResult(result))
  const value: unknown = JSON.parse(result.stdout)
  if (!shape(value)) throw new Error(`an answer of another shape: ${describeResult(result)}`)
  return value
}
