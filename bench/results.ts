import { fields, flag, list, nullable, number, type Shape, type Shaped, text } from '../src/status/shape.ts'

/** More than any measurement here has of anything; a bound that every list of a shape must have. */
const MANY = 10_000

/** What results lack that were kept before it was told. */
function late<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => value === undefined || shape(value)
}

/** One measurement of one contender in one round. */
export const isRun = fields({
  value: number,
  /** Why it does not count: it did not do the work that it was to do. */
  fault: nullable(text),
  /** Compiles that ran on other machines, by the contender's own count; null where that is not its business. */
  remote: nullable(number),
  /** Compiles that the client did as its share of the work, by the same count; null where that is not its business. */
  alongside: late(nullable(number)),
})
export type Run = Shaped<typeof isRun>

/** What a contender needed for the same work, round after round. */
export const isRow = fields({
  contender: text,
  /** In the order of the rounds, which are the same for all rows of a table. */
  runs: list(isRun, MANY),
  /** Why there is a dash instead: what the contender cannot do, or cannot do here. */
  missing: nullable(text),
})
export type Row = Shaped<typeof isRow>

/** What one contender must reach beside others in a table. */
export const isGoal = fields({
  contender: text,
  atMost: number,
  /** The better of these is what counts. */
  over: list(text, MANY),
})
export type Goal = Shaped<typeof isGoal>

/** The same work for all of its rows. */
export const isTable = fields({
  title: text,
  unit: text,
  rows: list(isRow, MANY),
  goals: list(isGoal, MANY),
  notes: list(text, MANY),
  /** Where it stands among tables that differ in one number only: how many workers. They are drawn as lines. */
  at: nullable(number),
})
export type Table = Shaped<typeof isTable>

export const isContenderNote = fields({ name: text, version: text, settings: list(text, MANY) })
export type ContenderNote = Shaped<typeof isContenderNote>

/** All that one run of one suite found out: what the document is written from. */
export const isSuiteResult = fields({
  suite: text,
  /** True when it was only a short look. */
  quick: flag,
  takenAt: text,
  revision: text,
  machine: text,
  seconds: number,
  contenders: list(isContenderNote, MANY),
  tables: list(isTable, MANY),
  /** Why it ended before its last table; null when it did not. */
  failure: late(nullable(text)),
})
export type SuiteResult = Shaped<typeof isSuiteResult>

/** The values of a row by round; undefined where a run does not count. */
export function valuesOf(row: Row | undefined): readonly (number | undefined)[] {
  return row?.runs.map(({ value, fault }) => (fault === null ? value : undefined)) ?? []
}

/** The values of a row that count. */
export function countedValues(row: Row | undefined): readonly number[] {
  return valuesOf(row).filter((value) => value !== undefined)
}
