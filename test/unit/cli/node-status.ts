import type { NodeStatus } from '../../../src/status/snapshot.ts'

/** What a node alone says of itself. */
export const STATUS: NodeStatus = {
  name: 'pi',
  id: '12D3',
  version: '0.1.0',
  pid: 7,
  home: '/state',
  startedAt: 0,
  port: 9000,
  httpPort: 8080,
  httpHost: '127.0.0.1',
  slots: 4,
  running: 0,
  queued: 0,
  meshOpen: false,
  mdns: true,
  sandboxMissing: null,
  coordinator: null,
  peers: 0,
  meshSlots: 4,
}
