import type { LocalReason } from '../local-reason.ts'
import { matchOption, type OptionRow, optionTable } from './option.ts'

/** Words of `-Wa,`. The assembler reads what was shipped to it and nothing else. */
const ASSEMBLER_ROWS: readonly OptionRow[] = [
  {
    value: 'none',
    names: '--execstack --noexecstack --fatal-warnings --warn --no-warn -W',
    means: { stage: 'compile' },
  },
  { value: 'none', names: '--32 --64 --x32 --divide --relax --no-relax -L --keep-locals', means: { stage: 'compile' } },
  { value: 'none', names: '--strip-local-absolute --reduce-memory-overheads', means: { stage: 'compile' } },
  { value: 'none', names: '--compress-debug-sections --nocompress-debug-sections', means: { stage: 'compile' } },
  { value: 'next', names: '--defsym', means: { stage: 'compile' } },
  { value: 'glued', names: '-m --gdwarf- -gdwarf- --size-check=', means: { stage: 'compile', guess: true } },
  { value: 'glued', names: '--compress-debug-sections= --elf-stt-common=', means: { stage: 'compile', guess: true } },
  { value: 'glued', names: '--generate-missing-build-notes= --hash-size=', means: { stage: 'compile', guess: true } },
  { value: 'glued', names: '-a -o --MD --statistics', means: { local: 'extra-output' } },
  { value: 'glued', names: '-I', means: { local: 'extra-input' } },
]

const ASSEMBLER_OPTIONS = optionTable(ASSEMBLER_ROWS)

/** Why the words of one `-Wa,WORD,WORD` keep a compile at home, if they do. */
export function assemblerObjection(words: readonly string[]): LocalReason | undefined {
  for (let at = 0; at < words.length; ) {
    if (!words[at]?.startsWith('-')) return 'extra-input' // A source of its own, or an `@file`.
    const match = matchOption(ASSEMBLER_OPTIONS, words, at)
    if (match === undefined || 'role' in match.meaning) return 'unknown-option'
    if ('local' in match.meaning) return match.meaning.local
    at += match.words
  }
  return undefined
}
