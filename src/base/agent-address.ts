import { join } from 'node:path'
import { sha256 } from './digest.ts'

/**
 * Where the agent of the node with this state folder listens: a unix socket in it, or on Windows a named pipe.
 * A unix address may be longer than the 108 bytes that fit into a socket's; see `nearAgent`. Mirrored in agent-socket.c.
 */
export function agentAddress(home: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? `\\\\.\\pipe\\hybridgrid-${sha256(home).slice(0, 16)}` : join(home, SOCKET_NAME)
}

/**
 * Calls `open`, which must bind or connect before it returns, with an address of this agent that is short enough.
 * A long one is reached from inside its folder, as sockets offer no other way.
 */
export function nearAgent<T>(
  home: string,
  open: (address: string) => T,
  platform: NodeJS.Platform = process.platform,
): T {
  const address = agentAddress(home, platform)
  if (platform === 'win32' || Buffer.byteLength(address) <= ADDRESS_MAX_BYTES) return open(address)
  const cwd = process.cwd()
  process.chdir(home)
  try {
    return open(SOCKET_NAME)
  } finally {
    process.chdir(cwd)
  }
}

const SOCKET_NAME = 'agent.sock'
/** What fits into `sun_path` everywhere, with its NUL: macOS has 104 bytes, Linux 108. */
const ADDRESS_MAX_BYTES = 103
