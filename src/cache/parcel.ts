import { HybridgridError } from '../base/errors.ts'
import { CACHE_PARCEL_MAX_BYTES } from '../base/limits.ts'
import { compress, decompress } from '../protocols/compression.ts'
import type { MeshSession } from '../protocols/mesh.ts'
import { receiveBytes } from '../protocols/transfer.ts'
import type { ActionResult, ActionResults } from './action-result.ts'
import type { BlobStore } from './blob-store.ts'
import { type ActionKey, blobDigest } from './digest.ts'

/** A result with its outputs, as they are used and travel: all or none. */
export interface Parcel {
  readonly result: ActionResult
  /** In the order of the result's outputs. */
  readonly contents: readonly Uint8Array[]
}

/** Where parcels are kept on this machine. */
export interface Shelf {
  readonly results: ActionResults
  readonly blobs: Pick<BlobStore, 'read' | 'write' | 'hold' | 'checkable' | 'recheck'>
}

/** Outputs are not those that their result tells of. */
export class ParcelError extends HybridgridError<{ readonly code: 'PARCEL_DAMAGED' }> {}

/** The outputs of a result that was just found; undefined when one is gone or damaged. */
export async function openParcel({ blobs }: Pick<Shelf, 'blobs'>, result: ActionResult): Promise<Parcel | undefined> {
  const release = blobs.hold(result.outputs.map(({ digest }) => digest))
  try {
    const read = await Promise.all(result.outputs.map(({ digest }) => blobs.read(digest)))
    const contents = read.flatMap((bytes) => bytes ?? [])
    return contents.length < read.length ? undefined : { result, contents }
  } finally {
    release()
  }
}

/** Keeps a parcel whose contents are known to be those of its result. Resolves to whether it can be found now. */
export async function keepParcel({ results, blobs }: Shelf, key: ActionKey, parcel: Parcel): Promise<boolean> {
  const { result, contents } = parcel
  const release = blobs.hold(result.outputs.map(({ digest }) => digest))
  try {
    const writing = result.outputs.map(({ digest }, at) => blobs.write(digest, contents[at] ?? EMPTY, 'recent'))
    const written = await Promise.all(writing)
    if (written.includes(false)) return false // The disk is full.
    return await results.store(key, result)
  } finally {
    release()
  }
}

/** Whether a result may go from node to node. */
export function mayTravel(result: ActionResult): boolean {
  return result.signature !== undefined && totalBytes(result) <= CACHE_PARCEL_MAX_BYTES
}

/** All outputs of a result, in bytes. */
export function totalBytes({ outputs }: ActionResult): number {
  return outputs.reduce((total, { bytes }) => total + bytes, 0)
}

/** The outputs for the wire: objects needed together come together. */
export function packOutputs({ contents }: Parcel): Promise<Uint8Array> {
  return compress(Buffer.concat(contents))
}

/** Receives the outputs of a result from a peer, and hashes each. Rejects when they are not what the result says. */
export async function receiveOutputs(
  session: MeshSession,
  result: ActionResult,
  sentBytes: number,
  signal: AbortSignal,
): Promise<Parcel> {
  const total = totalBytes(result)
  if (total > CACHE_PARCEL_MAX_BYTES) throw damaged('more than may travel')
  const all = await decompress(await receiveBytes(session, sentBytes, signal), total)
  if (all.length !== total) throw damaged('not as many bytes as the result tells of')
  let end = 0
  const contents = result.outputs.map(({ digest, bytes }) => {
    end += bytes
    const content = all.subarray(end - bytes, end)
    if (blobDigest(content) !== digest) throw damaged('an output is another than the result tells of')
    return content
  })
  return { result, contents }
}

function damaged(message: string): ParcelError {
  return new ParcelError({ code: 'PARCEL_DAMAGED' }, message)
}

const EMPTY = new Uint8Array()
