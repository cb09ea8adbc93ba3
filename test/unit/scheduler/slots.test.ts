import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Slots } from '../../../src/scheduler/slots.ts'

const { signal } = new AbortController()

/** Asks for a slot and writes down `who` when it is given. */
async function ask(order: string[], who: string, asked: ReturnType<Slots['acquire']>) {
  const slot = await asked
  order.push(who)
  return slot
}

test('there are as many slots as were said', async () => {
  const slots = new Slots(2)
  await slots.acquire(signal)
  await slots.acquire(signal)
  assert.deepEqual([slots.total, slots.used, slots.free, slots.tryAcquire()], [2, 2, 0, undefined])
})

test('who came first is served first', async () => {
  const slots = new Slots(1)
  const held = await slots.acquire(signal)
  const order: string[] = []
  const first = ask(order, 'first', slots.acquire(signal))
  const second = ask(order, 'second', slots.acquire(signal))
  assert.equal(slots.waiting, 2)
  held.release()
  ;(await first).release()
  await second
  assert.deepEqual(order, ['first', 'second'])
})

test('who may go ahead goes before those who came earlier', async () => {
  const slots = new Slots(1)
  const held = await slots.acquire(signal)
  const order: string[] = []
  const guest = ask(order, 'guest', slots.acquire(signal))
  const host = ask(order, 'host', slots.acquireAhead(signal))
  held.release()
  ;(await host).release()
  await guest
  assert.deepEqual(order, ['host', 'guest'])
})

test('a slot given back twice is given back once', async () => {
  const slots = new Slots(2)
  const slot = await slots.acquire(signal)
  await slots.acquire(signal)
  slot.release()
  slot.release()
  assert.equal(slots.used, 1)
})

test('who gives up waiting gets the reason, and no slot is lost', async () => {
  const slots = new Slots(1)
  const held = await slots.acquire(signal)
  const controller = new AbortController()
  const reason = new Error('the launcher is gone')
  const asked = slots.acquire(controller.signal)
  controller.abort(reason)
  await assert.rejects(asked, (error) => error === reason)
  assert.equal(slots.waiting, 0)
  held.release()
  assert.equal(slots.free, 1)
})

test('who comes with an aborted signal does not even queue', async () => {
  const slots = new Slots(1)
  await assert.rejects(slots.acquire(AbortSignal.abort(new Error('gone'))), { message: 'gone' })
  assert.deepEqual([slots.used, slots.waiting], [0, 0])
})

test('an abort after the slot was given does not take it away', async () => {
  const slots = new Slots(1)
  const controller = new AbortController()
  await slots.acquire(controller.signal)
  controller.abort()
  assert.equal(slots.used, 1)
})

test('a free slot is not for the taking while somebody waits for one', async () => {
  const slots = new Slots(0)
  void slots.acquire(signal)
  assert.equal(slots.tryAcquire(), undefined)
  slots.resize(1)
  assert.deepEqual([slots.used, slots.tryAcquire()], [1, undefined])
})

test('more slots serve those who wait; fewer are reached as they are given back', async () => {
  const slots = new Slots(1)
  const one = await slots.acquire(signal)
  const asked = slots.acquire(signal)
  slots.resize(2)
  const two = await asked
  slots.resize(1)
  assert.deepEqual([slots.used, slots.free], [2, 0])
  one.release()
  assert.equal(slots.free, 0)
  two.release()
  assert.equal(slots.free, 1)
})

test('listeners hear of every change until they leave', async () => {
  const slots = new Slots(1)
  const seen: number[] = []
  const leave = slots.subscribe(() => seen.push(slots.free))
  const slot = await slots.acquire(signal)
  slot.release()
  leave()
  await slots.acquire(signal)
  assert.deepEqual(seen, [0, 1])
})
