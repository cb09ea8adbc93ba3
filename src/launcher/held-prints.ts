import { writeSync } from 'node:fs'
import { LAUNCHER_PRINT_MAX_BYTES } from '../base/limits.ts'
import { malformed } from '../protocols/launcher-fields.ts'

/** What is to be printed is held back until nothing can make us compile again: so nothing is ever said twice. Mirrors prints.c. */
export class HeldPrints {
  #held: { readonly descriptor: number; readonly bytes: Uint8Array }[] = []
  #heldBytes = 0

  hold(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.#heldBytes += bytes.length
    if (this.#heldBytes > LAUNCHER_PRINT_MAX_BYTES) throw malformed('too much to print')
    this.#held.push({ descriptor: DESCRIPTORS[stream], bytes: Uint8Array.from(bytes) })
  }

  forget(): void {
    this.#held = []
    this.#heldBytes = 0
  }

  release(): void {
    for (const { descriptor, bytes } of this.#held) printAll(descriptor, bytes)
    this.forget()
  }
}

const DESCRIPTORS = { stdout: 1, stderr: 2 } as const

/** Prints at once, whatever the stream is. A compiler whose reader is gone goes on as well. */
export function printAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_MS)
    }
  }
}

/** A stream that another process made non-blocking is looked at again after so long. */
const FULL_PIPE_MS = 2
