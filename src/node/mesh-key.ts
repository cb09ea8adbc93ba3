import { HybridgridError, messageOf } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { createSecretFile, readSecretFile } from './secret-file.ts'

export type MeshKeyFailure =
  | { readonly code: 'MESH_KEY_MISSING'; readonly file: string }
  | { readonly code: 'MESH_KEY_UNREADABLE'; readonly file: string }
  | { readonly code: 'MESH_KEY_MALFORMED'; readonly file: string }
  | { readonly code: 'MESH_KEY_EXISTS'; readonly file: string }

/** The mesh key cannot be read or made; the message says what to do. */
export class MeshKeyError extends HybridgridError<MeshKeyFailure> {}

/** Bytes of a mesh key: random, never a human's password, because whoever connects can test guesses at leisure. */
export const MESH_KEY_BYTES = 32

/** Makes a mesh key and keeps it in `file` as hex; never replaces one. */
export async function newMeshKey({ random }: { readonly random: Random }, file: string): Promise<Uint8Array> {
  const hex = random.hex(MESH_KEY_BYTES)
  let created: boolean
  try {
    created = await createSecretFile(random, file, `${hex}\n`)
  } catch (error) {
    throw unreadable(file, error)
  }
  if (created) return Buffer.from(hex, 'hex')
  throw new MeshKeyError(
    { code: 'MESH_KEY_EXISTS', file },
    `there is a mesh key in ${file} already\n  hint: all nodes must have the same one; to change it, move the file away on each of them first`,
  )
}

/** The mesh key in `file`. */
export async function readMeshKey(file: string): Promise<Uint8Array> {
  let text: string
  try {
    const bytes = await readSecretFile(file)
    if (bytes === undefined) throw missing(file)
    text = Buffer.from(bytes).toString('latin1').trim()
  } catch (error) {
    throw error instanceof MeshKeyError ? error : unreadable(file, error)
  }
  if (HEX_KEY.test(text)) return Buffer.from(text, 'hex')
  throw new MeshKeyError(
    { code: 'MESH_KEY_MALFORMED', file },
    `${file} does not hold a mesh key (${2 * MESH_KEY_BYTES} hex digits)\n  hint: copy the file from another node, or make one with \`hg mesh key new\``,
  )
}

const HEX_KEY = new RegExp(`^[0-9a-fA-F]{${2 * MESH_KEY_BYTES}}$`)

function missing(file: string): MeshKeyError {
  return new MeshKeyError(
    { code: 'MESH_KEY_MISSING', file },
    `there is no mesh key in ${file}\n  hint: make one with \`hg mesh key new\`, then copy it to every node`,
  )
}

function unreadable(file: string, cause: unknown): MeshKeyError {
  return new MeshKeyError(
    { code: 'MESH_KEY_UNREADABLE', file },
    `the mesh key ${file} cannot be used: ${messageOf(cause)}\n  hint: check that the file belongs to the user the node runs as`,
    { cause },
  )
}
