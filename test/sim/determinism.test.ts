import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mesh } from './world.ts'

/** A short life with everything in it that draws chance or waits. */
async function traceOf(seed: number): Promise<readonly string[]> {
  const { world, nodes } = await mesh(seed, { name: 'a' }, { name: 'b' }, { name: 'c' })
  const [a, b, c] = nodes
  const heal = world.network.partition([a.id], [c.id])
  for (let index = 0; index < 20; index += 1) {
    const durationMs = world.random.integer(10, 2_000)
    void a.build({ name: `job${index}`, durationMs }).then(({ at }) => world.network.note(`job${index} at ${at}`))
  }
  await world.clock.run(2_000)
  world.kill(b, 'crash')
  heal()
  await world.clock.run(20_000)
  return world.network.trace
}

test('the same seed gives the same run', async () => {
  assert.deepEqual(await traceOf(8412), await traceOf(8412))
})

test('another seed gives another run', async () => {
  assert.notDeepEqual(await traceOf(8412), await traceOf(8413))
})
