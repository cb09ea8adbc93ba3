import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Builds one program with the machine's own C compiler. Undefined when that went well, else why it did not. */
export async function compileNative(sources: readonly string[], output: string): Promise<string | undefined> {
  if (process.platform === 'win32') return 'Windows has its portable twin'
  let failure: string | undefined
  for (const linking of LINKING) {
    failure = await compile([...FLAGS, ...linking, ...sources, '-o', output])
    if (failure === undefined) return undefined
  }
  return failure
}

const FLAGS = ['-std=c11', '-O2', '-Wall', '-Wextra']

/** A static program starts a little sooner, but not every system has the libraries for it. */
const LINKING = process.platform === 'linux' ? [['-static'], []] : [[]]

async function compile(args: readonly string[]): Promise<string | undefined> {
  try {
    // A `cc` that is our own launcher knows by this to leave the mesh alone.
    await promisify(execFile)('cc', args, { env: { ...process.env, HG_LAUNCHER_ACTIVE: '1' } })
    return undefined
  } catch (error) {
    if (!(error instanceof Error)) return String(error)
    if ('code' in error && error.code === 'ENOENT') return 'this machine has no cc'
    return 'stderr' in error && typeof error.stderr === 'string'
      ? `cc failed: ${firstError(error.stderr)}`
      : error.message
  }
}

function firstError(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line !== '')
  return lines.find((line) => line.includes('error')) ?? lines.at(-1) ?? 'without a word'
}
