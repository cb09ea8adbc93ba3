import type { DirectiveScan, IncludeRequest } from '../../../../src/compiler/includes/directive-scan.ts'
import { scanDirectives } from '../../../../src/compiler/includes/scan-directives.ts'

/** The scan of a source whose characters are bytes, or of bytes. */
export function scanOf(source: string | Uint8Array): DirectiveScan {
  return scanDirectives(typeof source === 'string' ? Buffer.from(source, 'utf8') : source)
}

/** What a source asks for, a word each: `"x.h"`, `<x.h>`, `next x.h`, `embed "x"`, `assembler x`, `"x"?` where only presence matters. */
export function asked(source: string | Uint8Array): readonly string[] {
  return scanOf(source).requests.map(spelled).sort()
}

function spelled({ start, purpose, name }: IncludeRequest): string {
  const mark = purpose === 'presence' ? '?' : ''
  if (start === 'quote') return `"${name}"${mark}`
  if (start === 'angle') return `<${name}>${mark}`
  if (start === 'embed-quote') return `embed "${name}"`
  if (start === 'embed-angle') return `embed <${name}>`
  return `${start} ${name}${mark}`
}
