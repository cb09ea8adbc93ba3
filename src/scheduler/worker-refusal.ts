import { HybridgridError } from '../base/errors.ts'
import type { WorkerRefusal } from '../protocols/compile.ts'

/** The worker's own no, on its way out of a job. */
export class RefusedError extends HybridgridError<{
  readonly code: 'WORKER_REFUSED'
  readonly refusal: WorkerRefusal
}> {}

export function refused(refusal: WorkerRefusal): RefusedError {
  return new RefusedError({ code: 'WORKER_REFUSED', refusal }, `refused: ${refusal}`)
}
