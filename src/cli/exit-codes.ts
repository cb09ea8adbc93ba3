/** Exit codes of `hg`. Those of `hgbuild` are the command's own, or a shell's when there is no such command. */
export const EXIT = {
  ok: 0,
  /** What was asked could not be done. */
  failed: 1,
  /** The command line or a setting cannot be used. */
  usage: 2,
  /** No node runs on this machine. */
  noNode: 3,
  /** A node already runs with this state folder. */
  alreadyRunning: 4,
  /** The node did not come up in time. */
  notStarted: 5,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What a shell returns for a command that it found but may not run, and for one that is not there. */
export const SHELL_EXIT = { notExecutable: 126, notFound: 127 } as const
