import { posix } from 'node:path'

/** Links followed for one path; Linux follows as many. */
const LINKS_MAX = 40

/**
 * Where an absolute path leads by the links of a tree, each with its target by its path: the folders on the way that are no
 * links exist or will. Undefined when links lead in a circle.
 */
export function followLinks(path: string, links: ReadonlyMap<string, string>): string | undefined {
  if (links.size === 0) return posix.normalize(path)
  const left = path.split('/').reverse()
  let reached = '/'
  for (let followed = 0; left.length > 0; ) {
    const name = left.pop() ?? ''
    const next = posix.join(reached, name)
    const target = links.get(next)
    if (target === undefined) {
      reached = next
      continue
    }
    followed += 1
    if (followed > LINKS_MAX) return undefined
    if (posix.isAbsolute(target)) reached = '/'
    left.push(...target.split('/').reverse())
  }
  return reached
}
