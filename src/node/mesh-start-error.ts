import { HybridgridError, messageOf } from '../base/errors.ts'

export type MeshStartFailure =
  | { readonly code: 'MESH_PORT_TAKEN' }
  | { readonly code: 'MESH_PORT_FORBIDDEN' }
  | { readonly code: 'MESH_HOST_FOREIGN' }
  | { readonly code: 'MESH_TOO_MANY_PEERS' }

/** The node cannot take its place in the mesh; the message says what to do. */
export class MeshStartError extends HybridgridError<MeshStartFailure> {}

/** Why listening failed, in our words. libp2p wraps the system's error in text only. Undefined: not about listening. */
export function asMeshStartError(error: unknown, host: string, port: number): MeshStartError | undefined {
  const text = messageOf(error)
  const fault = LISTEN_FAULTS.find(({ errno }) => text.includes(errno))
  if (fault === undefined) return undefined
  const message = `${fault.problem(host, port)}\n  hint: ${fault.hint}`
  return new MeshStartError({ code: fault.code }, message, { cause: error })
}

interface ListenFault {
  readonly errno: string
  readonly code: MeshStartFailure['code']
  readonly problem: (host: string, port: number) => string
  readonly hint: string
}

const LISTEN_FAULTS: readonly ListenFault[] = [
  {
    errno: 'EADDRINUSE',
    code: 'MESH_PORT_TAKEN',
    problem: (_, port) => `port ${port} is taken by another program, or by another node on this machine`,
    hint: 'choose another with --port, or `--port 0` for any that is free',
  },
  {
    errno: 'EACCES',
    code: 'MESH_PORT_FORBIDDEN',
    problem: (_, port) => `this user may not listen on port ${port}`,
    hint: 'choose one above 1023 with --port',
  },
  {
    errno: 'EADDRNOTAVAIL',
    code: 'MESH_HOST_FOREIGN',
    problem: (host) => `${host} is not an address of this machine`,
    hint: 'leave the address out to listen on all',
  },
]
