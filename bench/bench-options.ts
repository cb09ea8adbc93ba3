import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly quick: boolean
  readonly rounds: number | undefined
  /** Names of suites; none for all. */
  readonly suites: readonly string[]
  /** Only writes the document anew, from what was measured before. */
  readonly writeOnly: boolean
}

/** More would take a day. */
const ROUNDS_MAX = 1000

/** Reads the command line of `npm run bench`; a string says what is wrong with it. */
export function benchOptions(args: readonly string[], suites: readonly string[]): BenchOptions | string {
  const parsed = parsedArgs(args)
  if (typeof parsed === 'string') return parsed
  const { values, positionals } = parsed
  const unknown = positionals.filter((name) => !suites.includes(name))
  if (unknown.length > 0) return `no suite is called ${unknown.join(', ')}; there are ${suites.join(', ')}`
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 1 && rounds <= ROUNDS_MAX)) {
    return `--rounds takes a whole number from 1 to ${ROUNDS_MAX}`
  }
  return { quick: values.quick === true, rounds, suites: positionals, writeOnly: values['write-only'] === true }
}

function parsedArgs(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, 'write-only': { type: 'boolean' } },
    })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
