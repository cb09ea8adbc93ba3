import { delimiter } from 'node:path'
import { pathWithout } from './compiler-names.ts'
import type { CompilersFolder } from './compilers-folder.ts'
import { rewriteEnvironment } from './rewrite-compilers.ts'

/** What a shell would search when PATH is not set. Mirrored in find-compiler.c. */
const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment of a build: its compilers lead to the launcher, and the launcher to this node. */
export function buildEnvironment(
  compilers: CompilersFolder,
  env: Environment,
  { home, build }: { readonly home: string; readonly build: string },
): Environment {
  const pathName =
    Object.keys(env).find((name) => process.platform === 'win32' && name.toUpperCase() === 'PATH') ?? 'PATH'
  const path = pathWithout(env[pathName] ?? USUAL_PATH, compilers.root)
  return {
    ...rewriteEnvironment(env, (compiler) => compilers.standIn(compiler)),
    [pathName]: `${compilers.prepare(path)}${delimiter}${path}`,
    HG_HOME: home,
    HG_BUILD: build,
  }
}
