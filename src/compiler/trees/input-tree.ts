import type { Sha256Hex } from '../../base/digest.ts'

/** One input of a compile as it is on the client's disk. Immutable: what is derived from one may be remembered by identity. */
export interface TreeFile {
  /** Absolute, normal, and without links on the way: those stand in `links`. */
  readonly path: string
  readonly digest: Sha256Hex
  readonly bytes: number
  /** When it was last changed, whole seconds since 1970: `#pragma once` and precompiled headers compare it, `__TIMESTAMP__` tells it. */
  readonly mtimeSeconds: number
}

/** A symbolic link on the way to an input. */
export interface TreeLink {
  /** Absolute, normal; its folder has no links on the way. */
  readonly path: string
  /** As it stands in the link. */
  readonly target: string
}

/**
 * All that a compile may look at, at the client's own paths: way 1 of DESIGN.md section 4. What is not named here may be
 * there or not, as it is for other compiles of the same client.
 */
export interface InputTree {
  /** The source first. */
  readonly files: readonly TreeFile[]
  readonly links: readonly TreeLink[]
  /** Folders that exist though perhaps nothing of the compile is in them: of the search path, of outputs, the working directory. */
  readonly folders: readonly string[]
  /** Absolute paths that the compile may look for and must not find, and where a worker may have something of its own. */
  readonly absent: readonly string[]
}
