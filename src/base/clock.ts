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
      const due = performance.now() + ms
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const onTime = () => {
        if (performance.now() < due) {
          timer = setTimeout(onTime, 1) // Timers count whole milliseconds, and may end up to one too early.
          return
        }
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      let timer = setTimeout(onTime, ms)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
}
