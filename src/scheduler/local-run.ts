import type { Clock } from '../base/clock.ts'
import { OUTPUT_MAX_BYTES, PRINTED_MAX_BYTES } from '../base/limits.ts'
import { type ClockUse, type Moment, whyNotKept } from '../cache/cacheable.ts'
import type { ActionKey } from '../cache/digest.ts'
import { inFolder } from '../compiler/file-name.ts'
import { TIMESTAMP_GRANULE_MS } from '../compiler/includes/settled.ts'
import type { ChangeTimes, SyncFiles } from '../compiler/includes/sync-files.ts'
import type { CompileCache, CompileResult } from './compile-cache.ts'
import { printAll } from './delivery.ts'
import type { ChildResult, LauncherHand } from './launcher-hand.ts'
import type { Paces } from './paces.ts'

export interface LocalRunComponents {
  readonly clock: Clock
  readonly treeFiles: Pick<SyncFiles, 'stat' | 'read'>
  readonly cache: Pick<CompileCache, 'keep' | 'keepLater'>
  readonly paces: Pick<Paces, 'noteAt' | 'noteHere'>
}

/** What must be known of a compile so that its result can be kept. */
export interface KeepableCompile {
  readonly key: ActionKey
  /** What the same call would read now: a header may have come before another on the search path meanwhile. */
  inputsNow(): Promise<InputsNow | undefined>
  readonly clocks: ClockUse
  /** What it writes, as its command line names it; the first it surely does. */
  readonly outputs: readonly string[]
  /** From before its inputs were looked at. */
  readonly began: Moment
  /** Whether its inputs were written for it alone, and go when its launcher does. */
  readonly fleeting: boolean
  /** Whether it is kept when there is time: it is quicker to make than to keep, or most likely nobody else asks for it soon. */
  readonly later: boolean
}

/** What a call reads, by its key, and when that was last changed. */
export interface InputsNow {
  readonly key: ActionKey
  readonly changes: Iterable<ChangeTimes>
}

/**
 * Runs the compiler here, as a child of the launcher, and keeps what it gave. Resolves when the launcher has ended; the
 * promise that it resolves to, when the result can be found.
 */
export async function runAndKeep(
  components: LocalRunComponents,
  hand: LauncherHand,
  compile: KeepableCompile,
): Promise<{ readonly kept: Promise<void>; readonly exitCode?: number | undefined }> {
  const { clock, cache } = components
  const begun = clock.now()
  const argv = [hand.hello.compiler, ...hand.hello.args]
  const child = await hand.run({ argv, stdout: 'send', stderr: 'send', maxBytes: PRINTED_MAX_BYTES })
  if (child === undefined || child.overflowed) {
    await hand.become(argv)
    return { kept: Promise.resolve() }
  }
  const ended = { now: clock.now(), wallTime: clock.wallTime() }
  components.paces.noteHere(child.cpuMs, ended.now - begun)
  // Before the launcher ends: what comes after it in a build may change the object.
  const result = child.exitCode === 0 ? resultOf(components, hand, compile, child) : undefined
  const checked = result !== undefined && compile.fleeting ? await isSame(compile, child, ended) : undefined
  printAll(hand, child)
  await hand.exit(child.exitCode ?? 128 + (child.signal ?? 0))
  const { exitCode } = child
  if (result === undefined) return { kept: Promise.resolve(), exitCode }
  const keep = async () => {
    const same = checked ?? (await isSame(compile, child, ended))
    if (!same) return
    const { key, later } = compile
    await (later ? cache.keepLater(key, result, child.cpuMs) : cache.keep(key, result, child.cpuMs))
  }
  return { kept: keep(), exitCode }
}

/** Whether the compiler surely read what its key tells of. Never rejects. */
async function isSame(
  { key, clocks, began, inputsNow }: KeepableCompile,
  { exitCode, stdout, stderr }: ChildResult,
  ended: Moment,
): Promise<boolean> {
  const now = await inputsNow().catch(() => undefined) // Then it is not known to be the same.
  if (now?.key !== key) return false
  const printedBytes = stdout.length + stderr.length
  const { changes: inputs } = now
  return whyNotKept({ clock: clocks, exitCode, printedBytes, readFrom: 'files', began, ended, inputs }) === undefined
}

/** Undefined when the object is not there, or is not of this compile. */
function resultOf(
  { treeFiles }: LocalRunComponents,
  { hello }: LauncherHand,
  { outputs, began }: KeepableCompile,
  { stdout, stderr }: ChildResult,
): CompileResult | undefined {
  const found = new Map<string, Uint8Array>()
  for (const [index, name] of outputs.entries()) {
    const path = inFolder(hello.cwd, name)
    const stat = treeFiles.stat(path)
    const written = typeof stat === 'object' && stat.mtimeMs >= began.wallTime - TIMESTAMP_GRANULE_MS
    const bytes = written ? treeFiles.read(path, OUTPUT_MAX_BYTES) : undefined
    if (bytes !== undefined) found.set(name, bytes)
    else if (index === 0) return undefined
  }
  return { outputs: found, stdout, stderr }
}
