/** Where a command speaks: data on `out`, words on `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Width of `out` in columns; undefined when it is not a terminal. */
  readonly columns: number | undefined
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  get columns() {
    return process.stdout.isTTY ? process.stdout.columns : undefined
  },
}
