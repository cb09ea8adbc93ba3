import { createLab, type LabInit } from '../test/lan/lab/lab.ts'
import type { Field } from './contenders/contender.ts'
import { Deployments } from './deployments.ts'

export interface FieldInit extends LabInit {
  /** Compiles that each worker is to run at once. */
  readonly jobs: number
}

/** Makes a lab whose first host is the client and whose others are its workers, and takes it down after `work`. */
export async function* onField<T>(
  { jobs, ...lab }: FieldInit,
  work: (deployments: Deployments, field: Field) => AsyncIterable<T>,
): AsyncIterable<T> {
  const { host, hosts, shared, destroy } = createLab(lab)
  const field = { client: host(1), workers: hosts.slice(1), shared, jobs }
  const deployments = new Deployments(field)
  try {
    yield* work(deployments, field)
    await deployments.end()
  } finally {
    destroy()
  }
}
