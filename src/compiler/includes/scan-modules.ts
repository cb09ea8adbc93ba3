import type { TextScanner } from './text-scanner.ts'

const COMMENT = /\/\*(?:[^*]|\*(?!\/))*\*\//g
/** Behind the last comment that ends on the line. */
const AT_LINE_START = /^(?:\u00ef\u00bb\u00bf)?[ \t\v\f\0]*(?:export[ \t\v\f\0]*)?$/
const NAME = String.raw`[\w$\x80-\xff]+(?:[ \t]*[.:][ \t]*[\w$\x80-\xff]+)*`
const ATTRIBUTE = String.raw`(?:\[\[[^\n;]*\]\][ \t]*)?`
const MODULE_LINE = new RegExp(
  String.raw`^(?:import[ \t]*(?:<[^>\n]*>|"[^"\n]*"|:?[ \t]*${NAME}(?:[ \t]*\([^\r\n;]*\))?)|module[ \t]*(?::?[ \t]*${NAME})?)[ \t]*${ATTRIBUTE};`,
)
const SLICE_LENGTH = 512

/** `import x;`, `module x;` on a line of its own: C++20. Words of the same spelling are common in C and in prose. */
export function scanModuleLine(scanner: TextScanner, at: number): void {
  const before = scanner.lineBefore(at)
  if (before === undefined || !AT_LINE_START.test(before.slice(before.lastIndexOf('*/') + 1).replace(/^\//, ''))) return
  const line = scanner.text.slice(at, at + SLICE_LENGTH).replace(COMMENT, ' ')
  if (MODULE_LINE.test(line)) scanner.findings.usesModules = true
}
