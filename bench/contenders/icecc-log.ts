/** Compiles that an iceccd did for others, by its own log at `-vv`. */
export function icecreamJobs(log: string): number {
  return log.match(/Remote compilation completed with exit code 0\b/g)?.length ?? 0
}

/** Compiles that ended at an iceccd for others, well or not. */
export function icecreamEndedJobs(log: string): number {
  return log.match(/Remote compilation completed with exit code \d+/g)?.length ?? 0
}

/** Compiles that the scheduler was asked to place, by its own log at `-vv`: also those that it left to the client. Links are none. */
export function icecreamAskedJobs(schedulerLog: string): number {
  return schedulerLog.match(/: NEW \d+ client=/g)?.length ?? 0
}

/** What the icecc client prints when it compiles at home what it meant to send away. */
export function icecreamComplaints(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => /^ICECC\[\d+\].*(local|Error \d+)/.test(line))
}
