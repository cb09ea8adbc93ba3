/** The members of a list that came from outside, each read by `read`; undefined if it is none, has more than `max`, or one of them is not what it should be. */
export function listOf<T>(
  value: unknown,
  max: number,
  read: (member: unknown) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > max) return undefined
  const members: T[] = []
  for (const each of value) {
    const member = read(each)
    if (member === undefined) return undefined
    members.push(member)
  }
  return members
}
