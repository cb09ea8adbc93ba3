/** Where a service tells what happened. `fields` are for machines, `message` for people. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** Says nothing: for tests. */
export const silentLog: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined }
