/** Whether a part of an absolute path is `.` or `..`. Mirrored in agent-socket.c. */
export function hasDotParts(path: string): boolean {
  return /\/\.\.?(\/|$)/.test(path)
}
