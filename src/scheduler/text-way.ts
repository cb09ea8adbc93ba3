import { INPUT_MAX_BYTES } from '../base/limits.ts'
import { inFolder } from '../compiler/file-name.ts'
import type { FileReader } from '../compiler/local-files.ts'
import type { LocalReason } from '../compiler/local-reason.ts'
import { preprocessCommand, textObjection } from '../compiler/preprocess.ts'
import { remoteArguments } from '../compiler/remote-arguments.ts'
import { type ShippableText, shippableText } from '../compiler/shippable-text.ts'
import type { CompileJob } from './compile-job.ts'
import { type Packed, textShipment } from './shipment.ts'
import type { Slots } from './slots.ts'

export interface TextWayComponents {
  readonly files: FileReader
  /** Slots for preprocessing and other short work. */
  readonly lightSlots: Pick<Slots, 'acquire'>
}

/** Way 2 of DESIGN.md section 4: the launcher preprocesses, and one text travels. */
export async function packText(
  components: TextWayComponents,
  job: CompileJob,
): Promise<Packed | { readonly kind: 'local'; readonly reason: LocalReason }> {
  const { invocation, toolchain, hand, shippedEnv } = job
  const objection = invocation.needsTree ?? textObjection(invocation, toolchain.version)
  if (objection !== undefined) return { kind: 'local', reason: objection }
  const text = await preprocess(components, job)
  if (text.kind === 'local') return text
  const { args, inputPath, outputs } = remoteArguments(invocation)
  return {
    request: { toolchain: toolchain.id, args, cwd: hand.hello.cwd, env: shippedEnv, outputs },
    shipment: await textShipment(inputPath, text.bytes),
  }
}

/** What the local preprocessor makes of the source. */
async function preprocess(
  { lightSlots, files }: TextWayComponents,
  { hand, invocation }: CompileJob,
): Promise<ShippableText> {
  const args = preprocessCommand(invocation)
  if (args === undefined) {
    const bytes = files.read(inFolder(hand.hello.cwd, invocation.source), INPUT_MAX_BYTES)
    return bytes === undefined ? FAILED : shippableText(invocation, bytes)
  }
  const slot = await lightSlots.acquire(hand.closed)
  try {
    const argv = [hand.hello.compiler, ...args]
    const child = await hand.run({ argv, stdout: 'send', stderr: 'send', maxBytes: INPUT_MAX_BYTES })
    if (child === undefined) return FAILED
    if (child.overflowed) return { kind: 'local', reason: 'input-too-large' }
    return child.exitCode === 0 && child.stderr.length === 0 ? shippableText(invocation, child.stdout) : FAILED
  } finally {
    slot.release()
  }
}

const FAILED = { kind: 'local', reason: 'preprocess-failed' } as const
