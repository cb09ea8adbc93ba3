import { totalmem } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { BUFFERS_AS_HEAP_MEMORY_MIN_BYTES } from '../base/limits.ts'

/** Node 24's; others would say on stderr that they do not know a flag, or, as Node 22's, know it and go on as before. */
const KNOWN_IN = /^13\./

/** Settings of V8 that take less CPU and memory than its own where builds run. For the process that a node runs in. */
export function settleV8(v8Version: string = process.versions.v8, memoryBytes: number = totalmem()): void {
  if (!KNOWN_IN.test(v8Version)) return
  if (memoryBytes >= BUFFERS_AS_HEAP_MEMORY_MIN_BYTES) countBuffersAsHeap()
  useFewThreads()
}

/**
 * Has V8 count buffers with the heap, and no longer by themselves: each 64 MiB of them, mostly of what has come and gone over
 * sockets, would have the whole heap searched for garbage, every 30 compiles. Costs some 130 MB at the peak of a build, so
 * not where memory is short.
 */
function countBuffersAsHeap(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit')
}

/**
 * Has V8 compile code and collect nearly all garbage where the code runs, not beside it: 7 % less CPU for the client of a
 * build, and a machine that builds has no core to spare for more threads. Stops a node for up to 36 ms, where it was 16.
 * Not on the command line: with that, Node compiles its own modules anew at each start, 20 ms.
 */
function useFewThreads(): void {
  setFlagsFromString('--efficiency-mode')
}
