import { posix, win32 } from 'node:path'
import { type CompilerFinder, findCompiler, looksLikeCompiler, programName } from './find-compiler.ts'

/** One compile that the launcher was called for. */
export interface CompileCall {
  /** As it was called: `gcc`, `/usr/bin/gcc`. */
  readonly tool: string
  /** Absolute path of the real compiler. */
  readonly compiler: string
  readonly args: readonly string[]
  /** Called as `hgbuild cc …`: a node is started if none runs. */
  readonly byHgbuild: boolean
  /** Says on stderr where the compile ran. */
  readonly announcesPlace: boolean
  /** The environment, with what the options of hgbuild mean. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export type LauncherCall =
  | { readonly kind: 'compile'; readonly call: CompileCall }
  | { readonly kind: 'no-compiler'; readonly tool: string }
  /** Anything but one compile: for `dist/hgbuild.js`, with these words. */
  | { readonly kind: 'hgbuild'; readonly words: readonly string[] }

/**
 * Reads the words behind `node launcher.js`: those of `hgbuild`, or `--as PATH WORDS...` from a script that stands at PATH in
 * place of a compiler, or of `hgbuild` among such scripts.
 */
export function readCall(finder: CompilerFinder, words: readonly string[]): LauncherCall {
  const [first, calledAs] = words
  if (first !== '--as' || calledAs === undefined) return readHgbuild(finder, words, undefined)
  const path = finder.platform === 'win32' ? win32 : posix
  const ownFolder = path.resolve(finder.cwd, path.dirname(calledAs))
  if (programName(calledAs) === 'hgbuild') return readHgbuild(finder, words.slice(2), ownFolder)
  return compileWith(finder, calledAs, words.slice(2), { ownFolder, byHgbuild: false, env: finder.env })
}

function readHgbuild(finder: CompilerFinder, words: readonly string[], ownFolder: string | undefined): LauncherCall {
  let at = 0
  const env = { ...finder.env }
  for (; ; at++) {
    const meaning = OPTIONS.get(words[at] ?? '')
    if (meaning === undefined) break
    env[meaning[0]] = meaning[1]
  }
  const tool = words[at]
  if (tool === undefined || !looksLikeCompiler(tool)) return { kind: 'hgbuild', words }
  return compileWith(finder, tool, words.slice(at + 1), { ownFolder, byHgbuild: true, env })
}

/** Options of hgbuild that stand in front of a compiler. Whatever is not here is for hgbuild itself to understand. */
const OPTIONS: ReadonlyMap<string, readonly [variable: string, value: string]> = new Map([
  ['--no-remote', ['HG_REMOTE', 'off']],
  ['--no-cache', ['HG_CACHE', 'off']],
  ['--no-fallback', ['HG_FALLBACK', 'off']],
  ['--quiet', ['HG_QUIET', '1']],
  ['-v', ['HG_VERBOSE', '1']],
])

function compileWith(
  finder: CompilerFinder,
  tool: string,
  args: readonly string[],
  { ownFolder, byHgbuild, env }: { readonly ownFolder: string | undefined } & Pick<CompileCall, 'byHgbuild' | 'env'>,
): LauncherCall {
  const compiler = findCompiler(finder, tool, ownFolder)
  if (compiler === undefined) return { kind: 'no-compiler', tool }
  const announcesPlace = byHgbuild && saysWhere(finder, tool, env)
  return { kind: 'compile', call: { tool, compiler, args, byHgbuild, announcesPlace, env } }
}

/**
 * To people only: `CC="hgbuild gcc" ./configure` takes words on stderr for a warning. People type `cc` or `c++`, ask for
 * words with -v, or sit before a terminal; what is part of an hgbuild around it is told in that one's summary.
 */
function saysWhere({ stderrIsTerminal }: CompilerFinder, tool: string, env: CompileCall['env']): boolean {
  if (env['HG_BUILD'] !== undefined) return false
  return tool === 'cc' || tool === 'c++' || env['HG_VERBOSE'] !== undefined || stderrIsTerminal
}
