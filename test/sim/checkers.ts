import assert from 'node:assert/strict'
import { type FakeJob, objectOf } from './fake-compile.ts'
import type { World } from './world.ts'

/** How one job ended. */
export interface Outcome {
  readonly name: string
  readonly object: string
  readonly at: string
}

/** To be true at every event: no node runs more than it has slots for. */
export function checkSlots(world: World): void {
  for (const { id, slots } of world.nodes) {
    if (slots.used <= slots.total) continue // Told apart here, because the story is long.
    assert.fail(`${id} runs ${slots.used} in ${slots.total} slots: ${world.story()}`)
  }
}

/** To be true in the end: every job ended, once, and gave what it should. */
export function checkBuilt(world: World, all: readonly FakeJob[], outcomes: readonly Outcome[]): void {
  const expected = all.map((job) => `${job.name}: ${objectOf(job)}`).sort()
  assert.deepEqual(outcomes.map(({ name, object }) => `${name}: ${object}`).sort(), expected, world.story())
}
