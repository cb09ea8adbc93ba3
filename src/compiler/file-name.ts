/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** `path` with what follows the last dot of its last part replaced, as drivers name what they write beside an output. */
export function withSuffix(path: string, suffix: string): string {
  const dot = path.lastIndexOf('.')
  return (dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path) + suffix
}
