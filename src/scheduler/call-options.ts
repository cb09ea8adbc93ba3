import type { LauncherHand } from './launcher-hand.ts'

/** What the user asked for beside the command line; set by `hgbuild` in the environment. */
export interface CallOptions {
  /** The `hgbuild` that the call belongs to. */
  readonly build: string | undefined
  readonly remote: boolean
  readonly cache: boolean
  readonly fallback: boolean
  /** Whether to say where it compiled. */
  readonly announces: boolean
}

export function callOptions({ hello }: Pick<LauncherHand, 'hello'>, env: ReadonlyMap<string, string>): CallOptions {
  return {
    build: env.get('HG_BUILD'),
    remote: env.get('HG_REMOTE') !== 'off',
    cache: env.get('HG_CACHE') !== 'off',
    fallback: env.get('HG_FALLBACK') !== 'off',
    announces: hello.announcesPlace && env.get('HG_QUIET') === undefined,
  }
}

/** The launcher's variables by name. */
export function environmentOf({ hello }: Pick<LauncherHand, 'hello'>): ReadonlyMap<string, string> {
  const env = new Map<string, string>()
  for (const variable of hello.env) {
    const equals = variable.indexOf('=')
    if (equals > 0) env.set(variable.slice(0, equals), variable.slice(equals + 1))
  }
  return env
}
