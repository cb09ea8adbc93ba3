import { totalmem } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { BUFFERS_AS_HEAP_MEMORY_MIN_BYTES } from '../base/limits.ts'

/** Those of V8 that are known to have a flag; others would say on stderr that they do not know it. Node 22 has 12, Node 24 has 13. */
const KNOWS_BUFFERS_AS_HEAP = /^13\./
const KNOWS_EFFICIENCY_MODE = /^1[23]\./

/** Settings of V8 that take less CPU and memory than its own where builds run. For the process that a node runs in. */
export function settleV8(v8Version: string = process.versions.v8, memoryBytes: number = totalmem()): void {
  countBuffersAsHeap(v8Version, memoryBytes)
  useNoThreads(v8Version)
}

/**
 * Has V8 count buffers with the heap, and no longer by themselves: each 64 MiB of them, mostly of what has come and gone over
 * sockets, would have the whole heap searched for garbage, every 30 compiles. Costs some 130 MB at the peak of a build, so
 * not where memory is short.
 */
function countBuffersAsHeap(v8Version: string, memoryBytes: number): void {
  if (memoryBytes < BUFFERS_AS_HEAP_MEMORY_MIN_BYTES) return
  if (KNOWS_BUFFERS_AS_HEAP.test(v8Version)) setFlagsFromString('--external-memory-accounted-in-global-limit')
}

/**
 * Has V8 compile code and collect garbage where the code runs, not beside it: 7 % less CPU for the client of a build, and a
 * machine that builds has no core to spare for more threads. Stops a node for up to 40 ms at a time, where it was 20.
 * Not on the command line: with that, Node compiles its own modules anew at each start, 20 ms.
 */
function useNoThreads(v8Version: string): void {
  if (KNOWS_EFFICIENCY_MODE.test(v8Version)) setFlagsFromString('--efficiency-mode')
}
