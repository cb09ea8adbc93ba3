import { median } from '../statistics.ts'

/** Half of them warm up: what counts is code that has been compiled. */
const WARMUP_SHARE = 0.5

/** The median time of one call, in microseconds; calls one after the other. */
export async function callMicros(calls: number, work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let call = 0; call < calls * (1 + WARMUP_SHARE); call++) {
    const began = performance.now()
    await work()
    const micros = (performance.now() - began) * 1000
    if (call >= calls * WARMUP_SHARE) times.push(micros)
  }
  return median(times)
}
