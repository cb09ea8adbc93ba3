import type { TextScanner } from './text-scanner.ts'

/** Calls `visit` with the position behind the mark, and behind what separates it from the word, of each line that may be a directive. */
export function visitDirectives(scanner: TextScanner, visit: (word: number) => void): void {
  visitMarked(scanner, '#', visit)
  if (scanner.text.includes('%:')) visitMarked(scanner, '%:', visit)
}

function visitMarked(scanner: TextScanner, mark: string, visit: (word: number) => void): void {
  const { text } = scanner
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
    if (scanner.beginsLine(at)) visit(scanner.skipGap(at + mark.length))
  }
}
