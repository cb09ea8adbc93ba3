import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { eventually } from './lab/eventually.ts'
import { createLab, type Lab } from './lab/lab.ts'
import { launchNode, meshComplete, workersSeenBy } from './lab/mesh.ts'
import { labMissing, programsMissing } from './lab/support.ts'

/** What the program promises: a node that starts is known to all, and a lost coordinator replaced, within so long. */
const NOTICED_MS = 5_000

suite('nodes that know nothing but mDNS', { skip: labMissing() || programsMissing('curl') }, () => {
  let lab: Lab
  before(() => {
    lab = createLab({ hosts: 3 })
  })
  after(() => lab.destroy())

  test('all three are listed by each within 5 s of the last start', async () => {
    for (const host of lab.hosts) launchNode(host)
    await meshComplete(lab.hosts, NOTICED_MS)
  })

  test('each serves the same three workers over HTTP, one of them the coordinator', async () => {
    // Who has just met has not voted yet: as many takes a round of announcements.
    await eventually('all agree', NOTICED_MS, async () => {
      const lists = await Promise.all(lab.hosts.map(workersSeenBy))
      const identities = lists.map((list) =>
        list.map(({ name, id, coordinator }) => `${name} ${id} ${coordinator}`).sort(),
      )
      assert.equal(identities[0]?.length, lab.hosts.length)
      assert.deepEqual(identities[1], identities[0])
      assert.deepEqual(identities[2], identities[0])
      assert.equal(lists[0]?.filter(({ coordinator }) => coordinator).length, 1)
      return true
    })
  })

  test('when the coordinator is killed, the others have another within 5 s', async () => {
    const former = (await workersSeenBy(lab.host(1))).find(({ coordinator }) => coordinator)?.name
    const others = lab.hosts.filter(({ name }) => name !== former)
    assert.equal(others.length, 2)
    lab.hosts.find(({ name }) => name === former)?.powerOff()
    await eventually('the others agree on another', NOTICED_MS, async () => {
      const elected = await Promise.all(others.map(async (host) => coordinatorsIn(await workersSeenBy(host))))
      return elected[0] !== '' && elected[0] !== former && elected[0] === elected[1]
    })
  })
})

function coordinatorsIn(workers: Awaited<ReturnType<typeof workersSeenBy>>): string {
  return workers
    .filter(({ coordinator }) => coordinator)
    .map(({ name }) => name)
    .join()
}
