import { StreamState, YamuxStream } from '@chainsafe/libp2p-yamux/stream'
import type { Stream } from '@libp2p/interface'
import { STREAM_WINDOW_BYTES } from '../base/limits.ts'

/**
 * Has a stream tell its peer that it may send more when half of what it may send is used up, as other yamux implementations do.
 * This one says so after every message, before it hands the message on: a packet each, encrypted, and a wake-up of the peer.
 */
export function rareWindowUpdates(stream: Stream): void {
  if (!(stream instanceof YamuxStream)) return
  const sendWindowUpdate = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    const left: unknown = Reflect.get(stream, 'recvWindowCapacity')
    const hasRoom = typeof left === 'number' && left > STREAM_WINDOW_BYTES / 2
    // Until it is established, these updates carry the words that open the stream.
    if (stream.state !== StreamState.Established || !hasRoom) sendWindowUpdate()
  }
}
