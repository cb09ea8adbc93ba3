import type { Socket } from 'node:net'

/** What it returns is called before each write: all writes of one turn of the event loop leave in one system call. */
export function gatherWrites(socket: Pick<Socket, 'cork' | 'uncork'>): () => void {
  let gathering = false
  const release = () => {
    gathering = false
    socket.uncork()
  }
  return () => {
    if (gathering) return
    gathering = true
    socket.cork()
    process.nextTick(release) // After all promises that are settled by now.
  }
}
