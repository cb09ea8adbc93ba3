import type { Clock } from '../../src/base/clock.ts'
import { QUEUED_MAX } from '../../src/base/limits.ts'
import type { Mesh, MeshSession, PeerId } from '../../src/protocols/mesh.ts'
import type { RecentClients } from '../../src/scheduler/recent-clients.ts'
import type { Slots } from '../../src/scheduler/slots.ts'
import type { SimRandom } from './random.ts'

/** A compile that only takes time. */
export interface FakeJob {
  readonly name: string
  readonly durationMs: number
}

export const FAKE_COMPILE_PROTOCOL = '/sim/compile/1.0.0'
const FRAME_MAX_BYTES = 1024

/** Jobs of different lengths, as a build has them. */
export function jobs(count: number, random: SimRandom): readonly FakeJob[] {
  return Array.from({ length: count }, (_, index) => ({ name: `job${index}`, durationMs: random.integer(50, 3_000) }))
}

/** What compiling `job` gives, wherever it runs. */
export function objectOf({ name }: FakeJob): string {
  return `object of ${name}`
}

/** Runs a job here, in one of `slots`. */
export async function compileHere(clock: Clock, slots: Slots, job: FakeJob, signal: AbortSignal): Promise<string> {
  const slot = await slots.acquire(signal)
  try {
    await clock.sleep(job.durationMs, signal)
    return objectOf(job)
  } finally {
    slot.release()
  }
}

/** Has a peer run a job. Rejects when it is busy or lost. */
export async function compileOn(mesh: Mesh, peer: PeerId, job: FakeJob, signal: AbortSignal): Promise<string> {
  const session = await mesh.open(peer, FAKE_COMPILE_PROTOCOL, signal)
  try {
    await session.write(encode(job), signal)
    const reply = await session.read(FRAME_MAX_BYTES, signal)
    if (reply === undefined) throw new BusyError('the worker is busy')
    return String(decode(reply))
  } finally {
    session.abort(new Error('the job is over'))
  }
}

/** A worker refused. */
export class BusyError extends Error {}

/** The worker's half. */
export function fakeCompileHandler(
  clock: Clock,
  slots: Slots,
  clients: RecentClients,
): (session: MeshSession) => Promise<void> {
  return async (session) => {
    const request = await session.read(FRAME_MAX_BYTES)
    if (request === undefined || slots.waiting >= QUEUED_MAX) return session.close()
    clients.began(session.peer)
    try {
      const object = await compileHere(clock, slots, decode(request) as FakeJob, session.closed)
      await session.write(encode(object))
    } finally {
      clients.ended(session.peer)
    }
    await session.close()
  }
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function decode(frame: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(frame))
}
