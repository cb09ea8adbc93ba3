import { sha256 } from '../../../src/base/digest.ts'
import type { ActionResult, ActionResults } from '../../../src/cache/action-result.ts'
import { type ActionKey, type BlobDigest, blobDigest } from '../../../src/cache/digest.ts'
import { supersedes } from '../../../src/cache/entry.ts'
import type { Parcel, Shelf } from '../../../src/cache/parcel.ts'
import { type Signatures, signedResult } from '../../../src/cache/signatures.ts'

/** A shelf in memory, with what there is to see of it. */
export class MemoryShelf implements Shelf {
  readonly known = new Map<ActionKey, ActionResult>()
  readonly stored = new Map<BlobDigest, Uint8Array>()
  full = false

  readonly results: ActionResults = {
    find: (key) => this.known.get(key),
    store: async (key, result) => {
      const known = this.known.get(key)
      if (known === undefined || supersedes(key, result, known)) this.known.set(key, result)
      return true
    },
  }

  readonly blobs: Shelf['blobs'] = {
    read: async (digest) => this.stored.get(digest),
    write: async (digest, bytes) => {
      if (!this.full) this.stored.set(digest, bytes)
      return !this.full
    },
    hold: () => () => undefined,
    checkable: () => undefined,
    recheck: () => undefined,
  }
}

/** Signatures that anybody could make, for those who trust each other: tests. */
export function fakeSignatures(name: string): Signatures {
  const signature = (node: string, bytes: Uint8Array) => Buffer.from(sha256(`${node} ${sha256(bytes)}`), 'hex')
  return {
    sign: async (bytes) => signature(name, bytes),
    verify: async (node, bytes, given) => Buffer.compare(signature(node, bytes), given) === 0,
  }
}

/** What `producer` made of an action: `main.o` with this content. */
export async function parcelOf(key: ActionKey, content: string | Uint8Array, producer: string): Promise<Parcel> {
  const bytes = Buffer.from(content)
  const result = {
    outputs: [{ path: 'main.o', digest: blobDigest(bytes), bytes: bytes.length }],
    stdout: new Uint8Array(),
    stderr: Buffer.from('warning'),
    producer,
    costMs: 500,
    createdAt: 1_700_000_000_000,
  }
  return { result: await signedResult(fakeSignatures(producer), key, result), contents: [bytes] }
}
