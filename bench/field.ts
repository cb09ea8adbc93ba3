import { createLab, type LabInit } from '../test/lan/lab/lab.ts'
import type { Field } from './contenders/contender.ts'
import { Deployments } from './deployments.ts'

export interface FieldInit extends LabInit {
  /** Compiles that each worker is to run at once: the same for all, or one number for each. */
  readonly jobs: number | readonly number[]
  /** Compiles that the client is to do along; none if left out. */
  readonly clientJobs?: number
}

/** Makes a lab whose first host is the client and whose others are its workers, and takes it down after `work`. */
export async function* onField<T>(
  { jobs, clientJobs = 0, ...lab }: FieldInit,
  work: (deployments: Deployments, field: Field) => AsyncIterable<T>,
): AsyncIterable<T> {
  const { host, hosts, shared, destroy } = createLab(lab)
  const workers = hosts.slice(1)
  const jobsOfEach = typeof jobs === 'number' ? workers.map(() => jobs) : jobs
  const field = { client: host(1), workers, shared, jobs: jobsOfEach, clientJobs, workersShare: workersShare(lab) }
  const deployments = new Deployments(field)
  try {
    yield* work(deployments, field)
    await deployments.end()
  } finally {
    destroy()
  }
}

/** The part of the power of all hosts that those after the first have; without quotas all hosts are alike. */
export function workersShare({ hosts, quota = 1 }: LabInit): number {
  const shares = Array.from({ length: hosts }, (_, index) => (typeof quota === 'number' ? quota : (quota[index] ?? 0)))
  const whole = shares.reduce((sum, share) => sum + share, 0)
  return (whole - (shares[0] ?? 0)) / whole
}
