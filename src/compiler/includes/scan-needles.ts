import { scanAssembly } from './scan-assembly.ts'
import { scanModuleLine } from './scan-modules.ts'
import { scanProbe } from './scan-probe.ts'
import { scanTimeMacro, scanTimePastes } from './scan-time.ts'
import type { TextScanner } from './text-scanner.ts'

/** Macros, operators, pragmas and assembly that may stand anywhere; found in one go, since no directive announces them. */
const NEEDLE =
  /__has_(?:include|embed)|\.[iI][nN][cC](?:[bB][iI][nN]|[lL][uU][dD][eE]|\\?")|__(?:DA|TI)|(?:DATE|TIME|STAMP)__|import[ \t"<:/]|module[ \t;:/]|include_alias|pch_preprocess|(?:GCC|clang)[ \t]+dependency[ \t]*\\?["<]/g

type NeedleScanner = (scanner: TextScanner, at: number) => void

/** By the first three letters of what was found. */
const NEEDLE_SCANNERS: Readonly<Record<string, NeedleScanner>> = {
  __h: scanProbe,
  __d: scanTimeMacro,
  __t: scanTimeMacro,
  dat: scanTimeMacro,
  tim: scanTimeMacro,
  sta: scanTimeMacro,
  '.in': scanAssembly,
  imp: scanModuleLine,
  mod: scanModuleLine,
  inc: filePragma,
  pch: filePragma,
  gcc: dependencyPragma,
  cla: dependencyPragma,
}

/** Finds what is not a directive of its own: `__has_include`, `.incbin`, `__TIME__`, `import`, `_Pragma("GCC dependency …")`. */
export function scanNeedles(scanner: TextScanner): void {
  const { text } = scanner
  NEEDLE.lastIndex = 0
  for (let match = NEEDLE.exec(text); match !== null; match = NEEDLE.exec(text)) {
    NEEDLE_SCANNERS[match[0].slice(0, 3).toLowerCase()]?.(scanner, match.index)
  }
  scanTimePastes(scanner)
}

function filePragma({ findings }: TextScanner): void {
  findings.opaque ??= 'file-pragma'
}

function dependencyPragma({ findings }: TextScanner): void {
  findings.opaque ??= 'dependency-pragma'
}
