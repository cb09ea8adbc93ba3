import type { StatusPath } from '../protocols/status.ts'
import type { Shape } from './shape.ts'
import { isMeshStatus, isWorkerList, type MeshStatus, type WorkerStatus } from './snapshot.ts'

/** The mesh-wide pages, and what each holds. */
export interface Pages {
  readonly '/status': MeshStatus
  readonly '/workers': readonly WorkerStatus[]
}

/** A node's own view of the mesh, page by page. */
export type OwnPages = { readonly [Path in StatusPath]: () => Pages[Path] }

/** What a page must look like when another node made it. */
export const PAGE_SHAPES: { readonly [Path in StatusPath]: Shape<Pages[Path]> } = {
  '/status': isMeshStatus,
  '/workers': isWorkerList,
}
