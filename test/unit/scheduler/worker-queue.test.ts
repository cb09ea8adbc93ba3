import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QUEUED_MAX, QUEUED_PER_CLIENT_MAX } from '../../../src/base/limits.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { type Slot, Slots } from '../../../src/scheduler/slots.ts'
import { type Admission, WorkerQueue } from '../../../src/scheduler/worker-queue.ts'
import { settle } from '../../sim/clock.ts'

const A = 'a' as PeerId
const B = 'b' as PeerId
const C = 'c' as PeerId

/** A worker of so many slots, and who was given one, in that order. */
function worker(total: number) {
  const slots = new Slots(total)
  const queue = new WorkerQueue({ slots })
  const served: PeerId[] = []
  const held: Slot[] = []
  const { signal } = new AbortController()
  const wait = (peer: PeerId, admission: Admission | undefined) => {
    assert.ok(admission, `${peer} was turned away`)
    return admission.acquire(signal).then((slot) => {
      served.push(peer)
      held.push(slot)
    })
  }
  return { slots, queue, served, held, wait, ask: (peer: PeerId) => wait(peer, queue.admit(peer)) }
}

/** Ends the job that has run for longest, and lets the next begin. */
async function endOne(held: Slot[]): Promise<void> {
  held.shift()?.release()
  await settle()
}

test('a job that finds a slot free has it at once, and no longer counts as waiting', async () => {
  const { queue, served, ask } = worker(1)
  const asked = ask(A)
  assert.equal(queue.length, 1)
  await asked
  assert.deepEqual([served, queue.length], [[A], 0])
})

test('peers are served in turn, however many jobs one of them has waiting', async () => {
  const { served, held, ask } = worker(1)
  await ask(C)
  for (const peer of [A, A, B]) void ask(peer)
  await settle()
  for (let job = 0; job < 3; job++) await endOne(held)
  assert.deepEqual(served, [C, A, B, A])
})

test('a peer may have a few jobs waiting; the next is turned away until one of them has begun', async () => {
  const { queue, held, ask } = worker(1)
  await ask(B)
  for (let job = 0; job < QUEUED_PER_CLIENT_MAX; job++) void ask(A)
  await settle()
  assert.equal(queue.admit(A), undefined)
  assert.notEqual(queue.admit(C), undefined)
  await endOne(held)
  assert.notEqual(queue.admit(A), undefined)
})

test('all peers together may have QUEUED_MAX jobs waiting', async () => {
  const { queue, ask } = worker(1)
  await ask(A)
  for (let peer = 0; peer < QUEUED_MAX; peer++) assert.notEqual(queue.admit(`peer-${peer}` as PeerId), undefined)
  assert.equal(queue.admit(B), undefined)
})

test('a peer may have more than its share under way while there are slots for all', () => {
  const { queue } = worker(QUEUED_PER_CLIENT_MAX + 2)
  const admissions = Array.from({ length: QUEUED_PER_CLIENT_MAX + 2 }, () => queue.admit(A))
  assert.equal(admissions.includes(undefined), false)
})

test('a place given up is free again, and given up twice it is free once', async () => {
  const { queue } = worker(1)
  const admission = queue.admit(A)
  queue.admit(B)
  admission?.leave()
  admission?.leave()
  assert.equal(queue.length, 1)
})

test('who stops waiting gets the reason, and the slot goes to the next', async () => {
  const { queue, served, held, ask } = worker(1)
  await ask(C)
  const controller = new AbortController()
  const reason = new Error('the client is gone')
  const given = queue.admit(A)?.acquire(controller.signal)
  void ask(B)
  await settle()
  controller.abort(reason)
  await assert.rejects(given ?? Promise.resolve(), reason)
  await endOne(held)
  assert.deepEqual([served, queue.length], [[C, B], 0])
})

test('a slot that comes when all have stopped waiting is given back', async () => {
  const { slots, queue, held, ask } = worker(1)
  await ask(C)
  const controller = new AbortController()
  const given = queue.admit(A)?.acquire(controller.signal)
  await settle()
  controller.abort(new Error('the client is gone'))
  await assert.rejects(given ?? Promise.resolve())
  await endOne(held)
  assert.equal(slots.free, 1)
})

test('a job that comes in the very moment in which the last one was served waits for nobody', async () => {
  // In whichever of the microtasks around that moment it comes.
  for (let ticks = 0; ticks < 20; ticks++) {
    const { served, held, ask } = worker(2)
    const first = ask(A)
    for (let tick = 0; tick < ticks; tick++) await undefined
    const second = ask(B)
    await settle()
    assert.deepEqual(served, [A, B], `${ticks} microtasks after the first`)
    assert.equal(held.length, 2)
    await Promise.all([first, second])
  }
})

test('a queue that stops turns away all who wait, for the reason it was given, and all who come', async () => {
  const { queue, ask } = worker(1)
  await ask(A)
  const waiting = assert.rejects(ask(B), /the node is stopping/)
  await settle()
  await queue.stop(new Error('the node is stopping'))
  await queue.stop(new Error('again'))
  await waiting
  await assert.rejects(ask(C), /the node is stopping/)
  assert.equal(queue.length, 0)
})
