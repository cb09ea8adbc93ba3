import { sha256 } from '../../../src/base/digest.ts'
import type { ToolchainId } from '../../../src/compiler/toolchain.ts'
import type { Announcement } from '../../../src/protocols/announcement.ts'

/** What an ordinary node announces, but for `facts`. */
export function announcementOf(facts: Partial<Announcement> = {}): Announcement {
  return {
    name: 'pi-in-the-attic',
    arch: 'arm64',
    os: 'linux',
    slots: 4,
    running: 1,
    queued: 0,
    loadByOthers: 0.3,
    freeMemoryBytes: 2_000_000_000,
    toolchains: [{ id: sha256('gcc') as ToolchainId, version: 'gcc 12.2.0', target: 'aarch64-linux-gnu' }],
    sandboxed: true,
    takesTrees: true,
    coordinatorRole: false,
    coordinator: '',
    startedAt: 1_800_000_000_000,
    upMs: 12_345,
    cacheBytes: 5_000_000_000,
    httpPort: 8080,
    ...facts,
  }
}
