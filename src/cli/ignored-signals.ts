import { constants } from 'node:os'

/**
 * The numbers of the signals that were ignored when `hgbuild` was called (`nohup hgbuild make`, `hgbuild make &` in a script).
 * Node.js takes them all back when it starts, so the native launcher tells of them; the build is not to see that it did.
 */
export function takeIgnoredSignals(env: Record<string, string | undefined>): readonly number[] {
  const told = env.HG_IGNORED_SIGNALS?.split(' ') ?? []
  delete env.HG_IGNORED_SIGNALS
  return told.map(Number).filter((number) => NAMES.has(number))
}

/** Keeps this process from ending by them, for as long as it lives. */
export function stayDeafTo(ignored: readonly number[]): void {
  for (const number of ignored) process.on(NAMES.get(number) ?? '', () => undefined)
}

/** The words that run a command to which they are ignored, too: Node.js has what it starts begin with none that is. */
export function deafTo(ignored: readonly number[], words: readonly string[]): readonly string[] {
  if (ignored.length === 0) return words
  return ['/bin/sh', '-c', `trap '' ${ignored.join(' ')}; exec "$@"`, 'hgbuild', ...words]
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
)
