/** Where the words of a compiler would be read. */
export interface Audience {
  readonly stderrIsTerminal: boolean
  readonly env: ReadonlyMap<string, string>
}

/**
 * Whether a compiler prints the same words elsewhere. To a terminal it prints colours, links and lines as wide as that is;
 * in a locale beyond the plain ones it prints what the catalogs and charsets of its machine hold.
 */
export function wordsTravel({ stderrIsTerminal, env }: Audience): boolean {
  return !stderrIsTerminal && isPlain(env, 'LC_MESSAGES') && isPlain(env, 'LC_CTYPE')
}

/** As the C library chooses: `LC_ALL` first, and what is empty says nothing. */
function isPlain(env: ReadonlyMap<string, string>, category: 'LC_MESSAGES' | 'LC_CTYPE'): boolean {
  const locale = ['LC_ALL', category, 'LANG'].map((name) => env.get(name) ?? '').find((value) => value !== '')
  return locale === undefined || PLAIN_LOCALES.has(locale)
}

/** Those that every C library has, whatever was installed. */
const PLAIN_LOCALES: ReadonlySet<string> = new Set(['C', 'POSIX', 'C.UTF-8', 'C.utf8'])
