import { ownString } from './header-name.ts'
import { ScanFindings } from './scan-findings.ts'
import { ONLY_NAMED } from './scan-probe.ts'
import { isWord, readingsOf } from './source-text.ts'
import { type HeaderName, TextScanner } from './text-scanner.ts'

/**
 * The headers that `macro`, defined as `macro(x) __has_include(x)`, is asked for in `bytes`; undefined where it may be asked for
 * what only a preprocessor can tell.
 */
export function probeCalls(bytes: Uint8Array, macro: string): readonly HeaderName[] | undefined {
  const calls = new Map<string, HeaderName>()
  for (const text of readingsOf(bytes)) {
    const scanner = new TextScanner(text, new ScanFindings())
    for (let at = text.indexOf(macro); at !== -1; at = text.indexOf(macro, at + macro.length)) {
      if (isWord(text.charCodeAt(at - 1)) || isWord(text.charCodeAt(at + macro.length))) continue
      const before = scanner.lineBefore(at)
      // Only conditions ask, and definitions hand the question on.
      if (before !== undefined && (ONLY_NAMED.test(before) || !MAY_BE_DIRECTIVE.test(before))) continue
      const open = scanner.skipGap(at + macro.length)
      const literal = text.charAt(open) === '(' ? scanner.headerNameAt(scanner.skipGap(open + 1)) : undefined
      if (literal === undefined) return undefined
      const { start, name } = literal
      calls.set(`${start} ${name}`, { start, name: ownString(name) })
    }
    if (scanner.findings.opaque !== undefined) return undefined
  }
  return [...calls.values()]
}

/** A comment that ends may hide the beginning of a directive on an earlier line. */
const MAY_BE_DIRECTIVE = /#|%:|\?\?=|\*\//
