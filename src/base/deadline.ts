import type { Clock } from './clock.ts'
import { HybridgridError } from './errors.ts'

export class DeadlineError extends HybridgridError<{ readonly code: 'DEADLINE'; readonly afterMs: number }> {}

/** Nobody sees it; without a reason, each abort makes an error of its own, stack and all: 0.1 ms. */
const IN_TIME = new Error('the work was done in time')

/**
 * Runs `work` with a signal that is aborted after `ms`, or when `parent` is.
 * Rejects with `DeadlineError` when the time is up, even if `work` ignores its signal.
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const timer = new AbortController()
  const onParent = () => controller.abort(parent?.reason)
  if (parent?.aborted) throw parent.reason
  parent?.addEventListener('abort', onParent, { once: true })
  const expired = clock.sleep(ms, timer.signal).then(
    () => controller.abort(new DeadlineError({ code: 'DEADLINE', afterMs: ms }, `no answer within ${ms} ms`)),
    () => undefined, // The work was done in time.
  )
  const aborted = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
  })
  try {
    return await Promise.race([work(controller.signal), aborted])
  } finally {
    timer.abort(IN_TIME)
    parent?.removeEventListener('abort', onParent)
    await expired
  }
}
