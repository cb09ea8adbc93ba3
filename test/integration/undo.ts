import type { TestContext } from 'node:test'

const steps = new WeakMap<TestContext, (() => unknown)[]>()

/** Undoes when a test has ended what it set up, what came last first: hooks by themselves run in the order in which they came. */
export function undo(t: TestContext, step: () => unknown): void {
  const known = steps.get(t)
  if (known !== undefined) {
    known.push(step)
    return
  }
  const stack = [step]
  steps.set(t, stack)
  t.after(async () => {
    for (let last = stack.pop(); last !== undefined; last = stack.pop()) await last()
  })
}
