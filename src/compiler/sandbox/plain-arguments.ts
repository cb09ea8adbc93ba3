import { RunnerError } from '../runner.ts'

/**
 * Arguments for a compile whose folder only stands in for `/`: what debug information says of the working directory is put
 * right, so that the object is the client's to the byte. Throws where an option writes the folder elsewhere, too.
 */
export function plainArguments(args: readonly string[], root: string): readonly string[] {
  const telling = args.find((argument) => FOLDER_TELLING.test(argument))
  if (telling === undefined) return [`-fdebug-prefix-map=${root}=`, ...args]
  throw new RunnerError({ code: 'RUNNER_PATH_REFUSED' }, 'an option writes the working directory into the object')
}

/** Maps of the client's own (only one applies to a path), and what notes paths or options outside debug information. */
const FOLDER_TELLING =
  /^(?:-f[\w-]+-prefix-(?:map|path)=|-fdebug-compilation-dir|-fcoverage|-fprofile|-ftest-coverage|--?coverage|-frecord-|-grecord-)/
