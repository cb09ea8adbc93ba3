/** Time as the rest of the program sees it; `test/sim` has one that only moves when told to. */
export interface Clock {
  /** Milliseconds on a clock that never goes back; for intervals and deadlines. */
  now(): number
  /** Milliseconds since 1970; for showing and stamping, never for intervals. */
  wallTime(): number
  /** Resolves after `ms`; rejects with `signal.reason` as soon as `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own clock. The only place in `src` that reads it or sets a timer. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
}
