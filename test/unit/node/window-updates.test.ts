import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StreamState, YamuxStream } from '@chainsafe/libp2p-yamux/stream'
import type { Logger } from '@libp2p/interface'
import { STREAM_WINDOW_BYTES } from '../../../src/base/limits.ts'
import { rareWindowUpdates } from '../../../src/node/window-updates.ts'

const log: Logger = Object.assign(() => undefined, {
  enabled: false,
  error: () => undefined,
  trace: () => undefined,
  newScope: () => log,
})

/** A stream whose peer sends so many bytes, and by how much each of its window updates lets the peer go on. */
function bench(state: StreamState) {
  const updates: number[] = []
  const window = { initialStreamWindowSize: STREAM_WINDOW_BYTES, maxStreamWindowSize: STREAM_WINDOW_BYTES }
  const init = { id: '1', streamId: 1, log, getRTT: () => 0, maxReadBufferLength: 2 * STREAM_WINDOW_BYTES, ...window }
  const stream: YamuxStream = new YamuxStream({
    ...init,
    state,
    sendFrame: (header) => {
      updates.push(header.length)
      peer.handleWindowUpdate({ header })
      return true
    },
  })
  const peer = new YamuxStream({
    ...init,
    state: StreamState.Established,
    sendFrame: (header, data) => {
      stream.handleData(data === undefined ? { header } : { header, data })
      return true
    },
  })
  rareWindowUpdates(stream)
  return { stream, updates, receive: (bytes: number) => peer.send(new Uint8Array(bytes)) }
}

const QUARTER = STREAM_WINDOW_BYTES / 4

test('messages cost no window update before half of the window is used up', () => {
  const { updates, receive } = bench(StreamState.Established)
  for (let message = 0; message < 100; message += 1) receive(1000)
  assert.deepEqual(updates, [])
})

test('a peer may always send on: half of the window is given back at a time', () => {
  const { updates, receive } = bench(StreamState.Established)
  for (let message = 0; message < 8; message += 1) receive(QUARTER)
  assert.deepEqual(updates, Array(4).fill(2 * QUARTER))
})

test('the word that accepts a stream is said at once', () => {
  const { stream, updates, receive } = bench(StreamState.SYNReceived)
  receive(1000)
  assert.deepEqual(updates, [1000])
  assert.equal(stream.state, StreamState.Established)
})

test('nothing is given back while nobody reads, and all of it after that', () => {
  const { stream, updates, receive } = bench(StreamState.Established)
  stream.addEventListener('message', () => undefined)
  stream.pause()
  for (let message = 0; message < 4; message += 1) receive(QUARTER)
  assert.deepEqual(updates, [])
  stream.resume()
  assert.deepEqual(updates, [STREAM_WINDOW_BYTES])
})
