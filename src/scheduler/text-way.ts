import { INPUT_MAX_BYTES } from '../base/limits.ts'
import { inFolder } from '../compiler/file-name.ts'
import type { FileReader } from '../compiler/local-files.ts'
import type { LocalReason } from '../compiler/local-reason.ts'
import { type PreprocessVariant, preprocessCommand, variantsFor } from '../compiler/preprocess.ts'
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
  const { needsTree } = job.invocation
  if (needsTree !== undefined) return { kind: 'local', reason: needsTree }
  const text = await preprocess(components, job)
  if (text.kind === 'local') return text
  const { args, inputPath, outputs } = remoteArguments(job.invocation, text.variant)
  return {
    request: { toolchain: job.toolchain.id, args, cwd: job.hand.hello.cwd, env: job.shippedEnv, outputs },
    shipment: await textShipment(inputPath, text.bytes),
  }
}

type Preprocessed =
  | { readonly kind: 'text'; readonly bytes: Uint8Array; readonly variant: PreprocessVariant }
  | { readonly kind: 'local'; readonly reason: LocalReason }

async function preprocess({ lightSlots, files }: TextWayComponents, job: CompileJob): Promise<Preprocessed> {
  const { hand, invocation, toolchain } = job
  const slot = await lightSlots.acquire(hand.closed)
  try {
    for (const variant of variantsFor(invocation, toolchain.version)) {
      const text = await preprocessedText(files, job, variant)
      if (text.kind === 'local') return text
      const shippable = text.kind === 'text' ? shippableText(invocation, variant, text.bytes) : text
      if (shippable.kind === 'text') return { kind: 'text', bytes: shippable.bytes, variant }
      if (shippable.kind === 'local') return shippable
    }
    return { kind: 'local', reason: 'preprocess-failed' }
  } finally {
    slot.release()
  }
}

/** What the local preprocessor makes of the source; `unfit` when another variant may do better. */
async function preprocessedText(
  files: FileReader,
  { hand, invocation }: CompileJob,
  variant: PreprocessVariant,
): Promise<ShippableText> {
  const args = preprocessCommand(invocation, variant)
  if (args === undefined) {
    const bytes = files.read(inFolder(hand.hello.cwd, invocation.source), INPUT_MAX_BYTES)
    return bytes === undefined ? { kind: 'local', reason: 'preprocess-failed' } : { kind: 'text', bytes }
  }
  const argv = [hand.hello.compiler, ...args]
  const child = await hand.run({ argv, stdout: 'send', stderr: 'send', maxBytes: INPUT_MAX_BYTES })
  if (child === undefined) return { kind: 'local', reason: 'preprocess-failed' }
  if (child.overflowed) return { kind: 'local', reason: 'input-too-large' }
  if (child.exitCode !== 0) return { kind: 'unfit' }
  if (child.stderr.length > 0) return { kind: 'local', reason: 'preprocess-failed' }
  return { kind: 'text', bytes: child.stdout }
}
