/** Compiles that a distccd did, by its own log at level `info`. */
export function distccJobs(log: string): number {
  return log.match(/\(dcc_job_summary\) client: \S+ COMPILE_OK /g)?.length ?? 0
}

/**
 * Compiles that the distcc client ran at home, by its own verbose log; calls that only link name no source. Those that it had meant to
 * send away are among them.
 */
export function distccHomeJobs(log: string): number {
  return log.match(/\bcompile (?!\(null\))\S+ on localhost completed ok$/gm)?.length ?? 0
}

/** What the distcc client prints when it compiles at home what it meant to send away. */
export function distccComplaints(stderr: string): readonly string[] {
  return linesWith(
    stderr,
    /failed to distribute|running locally instead|failed to get includes|gave up analyzing|Preprocessing locally/,
  )
}

function linesWith(text: string, pattern: RegExp): readonly string[] {
  return text.split('\n').filter((line) => pattern.test(line))
}
