import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { HostClock, SimClock } from '../sim/clock.ts'

/** Lets time pass on a clock until `work` is done. */
type Driver = <T>(work: Promise<T>) => Promise<T>

/** What all clocks promise, whether they are a machine's or simulated. */
function clockContract(name: string, make: () => { readonly clock: Clock; readonly drive: Driver }): void {
  describe(`the clock contract: ${name}`, () => {
    test('a sleep lasts at least its time', async () => {
      const { clock, drive } = make()
      const began = clock.now()
      await drive(clock.sleep(5))
      assert.ok(clock.now() - began >= 4.5, 'timers of a machine count in whole milliseconds')
    })

    test('sleepers wake by their times, and equals in the order in which they fell asleep', async () => {
      const { clock, drive } = make()
      const woken: string[] = []
      const sleeper = (who: string, ms: number) => clock.sleep(ms).then(() => woken.push(who))
      await drive(Promise.all([sleeper('late', 40), sleeper('first', 5), sleeper('second', 5), sleeper('soon', 1)]))
      assert.deepEqual(woken, ['soon', 'first', 'second', 'late'])
    })

    test('an aborted sleep rejects with the very reason it was aborted with', async () => {
      const { clock, drive } = make()
      const controller = new AbortController()
      const reason = new Error('changed my mind')
      const sleeping = drive(assert.rejects(clock.sleep(60_000, controller.signal), (error) => error === reason))
      controller.abort(reason)
      await sleeping
    })

    test('a sleep under a signal that is aborted already does not begin', async () => {
      const { clock, drive } = make()
      const reason = new Error('too late')
      await drive(assert.rejects(clock.sleep(0, AbortSignal.abort(reason)), (error) => error === reason))
    })

    test('an abort after the sleep changes nothing', async () => {
      const { clock, drive } = make()
      const controller = new AbortController()
      await drive(clock.sleep(1, controller.signal))
      controller.abort(new Error('nobody hears this'))
    })

    test('a sleep of no time still lets others go first', async () => {
      const { clock, drive } = make()
      let others = false
      const sleeping = clock.sleep(0).then(() => assert.ok(others))
      others = true
      await drive(sleeping)
    })

    test('now never goes back, and the date is one of this century', async () => {
      const { clock, drive } = make()
      const before = clock.now()
      await drive(clock.sleep(1))
      assert.ok(clock.now() >= before)
      assert.ok(clock.wallTime() > Date.UTC(2020, 0, 1) && clock.wallTime() < Date.UTC(2100, 0, 1))
    })
  })
}

/** Moves simulated time on while somebody waits for `work`. */
function driverOf(clock: SimClock): Driver {
  return async (work) => {
    await clock.run(1_000)
    return work
  }
}

clockContract('the machine', () => ({ clock: systemClock, drive: (work) => work }))
clockContract('the simulation', () => {
  const clock = new SimClock()
  return { clock, drive: driverOf(clock) }
})
clockContract('a simulated host', () => {
  const clock = new SimClock()
  return { clock: new HostClock(clock, { skewMs: 3_600_000 }), drive: driverOf(clock) }
})
