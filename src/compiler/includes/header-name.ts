const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The name that `latin1` (one character per byte) spells, or undefined where it is not UTF-8 or holds a NUL. */
export function decodeName(latin1: string): string | undefined {
  if (latin1.includes('\0')) return undefined
  if (!/[\u0080-\u00ff]/.test(latin1)) return ownString(latin1)
  try {
    return UTF8.decode(Buffer.from(latin1, 'latin1'))
  } catch {
    return undefined // Such a file may exist, but a path of ours cannot name it.
  }
}

/** A copy of what was cut out of a long text: a mere part would keep the whole of it in memory. One character per byte. */
export function ownString(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('latin1')
}

/** Without the parts of a path that name nothing: `//` and `/./`. `..` stays: behind a link it leads elsewhere. */
export function tidyPath(path: string): string {
  if (!path.includes('//') && !path.includes('./')) return path
  return path.replace(/\/(?:\.?\/)+/g, '/').replace(/^(?:\.\/)+(?=.)/, '')
}

/** `path` as the compiler opens it from `cwd`: joined as text. */
export function absolutePath(cwd: string, path: string): string {
  return tidyPath(path.startsWith('/') ? path : `${cwd}/${path}`)
}

/** The folder part of a path, as a compiler takes it off: everything before the last slash. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? '/' : path.slice(0, slash)
}

/** `name` in `folder`, as text. */
export function inFolder(folder: string, name: string): string {
  return tidyPath(folder.endsWith('/') ? folder + name : `${folder}/${name}`)
}
