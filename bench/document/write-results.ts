import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSuiteResult, type SuiteResult } from '../results.ts'
import { benchDocument, type PlotLink, type SuiteWords } from './bench-document.ts'
import { plotsOf } from './plots.ts'

/** Where the document and what belongs to it are kept. */
export interface DocumentPlace {
  /** `docs`. */
  readonly folder: string
  /** The document's name in it. */
  readonly file: string
  /** The folder in it for plots, and for figures as JSON from which the document can be written again. */
  readonly data: string
}

/** Keeps what a suite found, in place of what it found last time. */
export async function keepResult({ folder, data }: DocumentPlace, result: SuiteResult): Promise<void> {
  await mkdir(join(folder, data), { recursive: true })
  await writeFile(join(folder, data, `${result.suite}.json`), `${JSON.stringify(result, undefined, 1)}\n`)
}

/** Writes plots and document from all that is kept; `leftOut` names suites that there was no time for. */
export async function writeDocument(
  place: DocumentPlace,
  suites: readonly SuiteWords[],
  leftOut: readonly string[] = [],
): Promise<string> {
  const { folder, file, data } = place
  const results = await keptResults(place, suites)
  await mkdir(join(folder, data), { recursive: true })
  for (const old of await readdir(join(folder, data))) if (old.endsWith('.svg')) await rm(join(folder, data, old))
  const plots: PlotLink[] = []
  for (const result of results) {
    for (const { suite, name, svg } of await plotsOf(result)) {
      await writeFile(join(folder, data, name), svg)
      plots.push({ suite, path: `${data}/${name}` })
    }
  }
  const path = join(folder, file)
  await writeFile(path, benchDocument(suites, results, plots, leftOut))
  return path
}

async function keptResults(
  { folder, data }: DocumentPlace,
  suites: readonly SuiteWords[],
): Promise<readonly SuiteResult[]> {
  const read = suites.map(async ({ name }) => {
    const text = await readFile(join(folder, data, `${name}.json`), 'utf8').catch(() => undefined)
    if (text === undefined) return [] // Not measured yet.
    const value: unknown = JSON.parse(text)
    if (!isSuiteResult(value)) throw new Error(`${data}/${name}.json has another shape; measure ${name} again`)
    return [value]
  })
  return (await Promise.all(read)).flat()
}
