import { INPUT_MAX_BYTES, SOURCE_IN_REQUEST_MAX_BYTES, TREE_ROUNDS_MAX } from '../base/limits.ts'
import type { InputTree } from '../compiler/trees/input-tree.ts'
import type { CompileEnd, CompileRequest, TreeInput } from '../protocols/compile.ts'
import { encodeCompileRequest, encodeContentsHeader } from '../protocols/compile-codec.ts'
import { compress } from '../protocols/compression.ts'
import type { MeshSession } from '../protocols/mesh.ts'
import { sendBytes } from '../protocols/transfer.ts'
import type { TreeSpeaker } from '../protocols/tree-dictionary.ts'
import { malformed, nextReply, RemoteError } from './remote-result.ts'

/** Inputs of one compile in the form in which they travel: the two ways of DESIGN.md section 4. */
export type Shipment = TextShipment | TreeShipment

/** Preprocessed text, compressed once for all peers that are tried. */
export interface TextShipment {
  readonly kind: 'text'
  readonly path: string
  readonly bytes: number
  readonly packed: Uint8Array
}

/** Source and headers; each worker gets what it lacks of them. */
export interface TreeShipment {
  readonly kind: 'tree'
  /** The compiler's path, as it is called here. */
  readonly compiler: string
  readonly tree: InputTree
  /** The bytes of `tree.files[index]`; undefined when they are no longer what its digest says. */
  contents(index: number): Uint8Array | undefined
}

/** What a worker is asked, whichever way the inputs get there. */
export type RemoteRequest = Omit<CompileRequest, 'input'>

/** All that a peer is sent for one compile. */
export interface Packed {
  readonly request: RemoteRequest
  readonly shipment: Shipment
}

export async function textShipment(path: string, text: Uint8Array): Promise<TextShipment> {
  return { kind: 'text', path, bytes: text.length, packed: await compress(text) }
}

/** Asks with a text; the worker's answer. */
export async function sendText(
  session: MeshSession,
  request: RemoteRequest,
  { path, bytes, packed }: TextShipment,
  signal: AbortSignal,
): Promise<CompileEnd> {
  const input = { kind: 'text', path, bytes, sentBytes: packed.length } as const
  await session.write(encodeCompileRequest({ ...request, input }), signal)
  await sendBytes(session, packed, signal)
  const reply = await nextReply(session, signal)
  if (reply.status === 'lacking') throw malformed('the peer lacks what it was sent')
  return reply
}

/** Asks with a tree and hands over what the worker lacks of it; the worker's answer. */
export async function sendTree(
  session: MeshSession,
  speaker: TreeSpeaker,
  request: RemoteRequest,
  shipment: TreeShipment,
  signal: AbortSignal,
): Promise<CompileEnd> {
  const { compiler, tree } = shipment
  const named = speaker.name(tree)
  const input = { kind: 'tree', compiler, ...named, source: unheardSource(named, shipment) } as const
  await session.write(encodeCompileRequest({ ...request, input }), signal)
  // The first numbers are those of the files, in their order.
  const indexOf = new Map(named.used.slice(0, tree.files.length).map((number, index) => [number, index]))
  for (let round = 0; ; round += 1) {
    const reply = await nextReply(session, signal)
    if (reply.status !== 'lacking') return reply
    if (round === TREE_ROUNDS_MAX) throw malformed('the peer asks for contents without end')
    await sendContents(
      session,
      shipment,
      reply.files.map((number) => indexOf.get(number)),
      signal,
    )
  }
}

/** The source, if it is small and the session has not heard of it before. */
function unheardSource(
  { defined: [first] }: Pick<TreeInput, 'defined'>,
  { tree, contents }: TreeShipment,
): Uint8Array | undefined {
  const [source] = tree.files
  const isUnheard = first?.kind === 'file' && first.file === source // Files are named first, in their order.
  return isUnheard && source.bytes <= SOURCE_IN_REQUEST_MAX_BYTES ? contents(0) : undefined
}

/** Sends what a worker asked for, as one frame of zstd: small headers are alike, and pack far better together. */
async function sendContents(
  session: MeshSession,
  { tree, contents }: TreeShipment,
  wanted: readonly (number | undefined)[],
  signal: AbortSignal,
): Promise<void> {
  const parts: Uint8Array[] = []
  let total = 0
  for (const index of wanted) {
    const file = index === undefined ? undefined : tree.files[index]
    if (index === undefined || file === undefined) throw malformed('the peer asks for a file of another compile')
    total += file.bytes
    if (total > INPUT_MAX_BYTES) throw malformed('the peer asks for more than the bound')
    const bytes = contents(index)
    if (bytes === undefined) {
      throw new RemoteError({ code: 'REMOTE_INPUT_CHANGED', path: file.path }, `${file.path} changed meanwhile`)
    }
    parts.push(bytes)
  }
  const packed = await compress(Buffer.concat(parts, total))
  await session.write(encodeContentsHeader({ bytes: total, sentBytes: packed.length }), signal)
  await sendBytes(session, packed, signal)
}
