import { totalmem } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { BUFFERS_AS_HEAP_MEMORY_MIN_BYTES } from '../base/limits.ts'

/**
 * Has V8 count buffers with the heap, and no longer by themselves: each 64 MiB of them, mostly of what has come and gone over
 * sockets, would have the whole heap searched for garbage, every 30 compiles. Costs some 130 MB at the peak of a build, so
 * not where memory is short. For the process that a node runs in.
 */
export function countBuffersAsHeap(v8Version: string = process.versions.v8, memoryBytes: number = totalmem()): void {
  if (memoryBytes < BUFFERS_AS_HEAP_MEMORY_MIN_BYTES) return
  if (KNOWN_IN.test(v8Version)) setFlagsFromString('--external-memory-accounted-in-global-limit')
}

/** Node 24's; others would say on stderr that they do not know it. */
const KNOWN_IN = /^13\./
