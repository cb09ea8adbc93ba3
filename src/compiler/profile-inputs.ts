import { baseName, inFolder, withSuffix } from './file-name.ts'
import type { CompilerFamily } from './invocation.ts'

export interface ProfileContext {
  readonly family: CompilerFamily
  readonly source: string
  readonly output: string
  readonly cwd: string
}

/**
 * Every file that `-fprofile-use=SAID`, `-fauto-profile=SAID` and their kin may read. Which of them it is depends on what is
 * there, so all are inputs, absent ones too.
 */
export function profileInputs(said: readonly string[], context: ProfileContext): readonly string[] {
  return [...new Set(said.flatMap((place) => CANDIDATES[context.family](place, context)))]
}

type Candidates = (place: string, context: ProfileContext) => readonly string[]

const CANDIDATES: Readonly<Record<CompilerFamily, Candidates>> = {
  // A profile is named after the output. In a folder of its own it has the whole path in its name.
  gcc: (place, { output, cwd }) => {
    const own = withSuffix(output, '.gcda')
    if (place === '') return [own, mangled(inFolder(cwd, own)), 'fbdata.afdo']
    return [place, `${place}/${own}`, `${place}/${baseName(own)}`, `${place}/${mangled(inFolder(cwd, own))}`]
  },
  clang: (place) => (place === '' ? ['default.profdata'] : [place, `${place}/default.profdata`]),
}

/** `/w/out/a.gcda` as `#w#out#a.gcda`; `..` becomes `^`. */
function mangled(path: string): string {
  const parts = path.split('/').filter((part) => part !== '.')
  return parts.map((part) => (part === '..' ? '^' : part)).join('#')
}
