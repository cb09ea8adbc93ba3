import type { Clock } from '../base/clock.ts'
import { withDeadline } from '../base/deadline.ts'
import { messageOf } from '../base/errors.ts'
import { ANNOUNCE_INTERVAL_MS, ANNOUNCE_WRITE_MS, SESSION_OPEN_MS } from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import { ANNOUNCE_PROTOCOL } from '../protocols/announcement.ts'
import type { Mesh, MeshSession, PeerId } from '../protocols/mesh.ts'
import { Latest } from './latest.ts'

export interface AnnounceLinkComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly mesh: Pick<Mesh, 'open'>
}

/** A stopped link, as the reason of what it cuts short. */
const STOPPED = new Error('the link was stopped')

/** Tells one peer the latest announcement over one long-lived session, and opens another when that fails. Delays no other peer. */
export class AnnounceLink {
  readonly #components: AnnounceLinkComponents
  readonly #peer: PeerId
  readonly #frames = new Latest<Uint8Array>()
  readonly #stopping = new AbortController()
  readonly #loop: Promise<void>

  constructor(components: AnnounceLinkComponents, { peer }: { readonly peer: PeerId }) {
    this.#components = components
    this.#peer = peer
    this.#loop = this.#run(this.#stopping.signal)
  }

  /** Sends this frame as soon as the peer takes one; replaces one that still waits. */
  offer(frame: Uint8Array): void {
    this.#frames.offer(frame)
  }

  async stop(): Promise<void> {
    this.#stopping.abort(STOPPED)
    await this.#loop
  }

  async #run(stopping: AbortSignal): Promise<void> {
    const { clock, log } = this.#components
    while (!stopping.aborted) {
      try {
        await this.#announce(stopping)
      } catch (error) {
        if (stopping.aborted) return
        log.debug('could not announce to a peer', { peer: this.#peer, why: messageOf(error) })
        await clock.sleep(ANNOUNCE_INTERVAL_MS, stopping).catch(() => undefined) // Stopped: the condition ends the loop.
      }
    }
  }

  /** One session, until it fails. */
  async #announce(stopping: AbortSignal): Promise<never> {
    const { clock } = this.#components
    const session = await this.#open(stopping)
    try {
      for (;;) {
        const frame = await this.#frames.take(stopping)
        await withDeadline(clock, ANNOUNCE_WRITE_MS, stopping, (signal) => session.write(frame, signal))
      }
    } catch (error) {
      session.abort(error instanceof Error ? error : new Error(messageOf(error)))
      throw error
    }
  }

  async #open(stopping: AbortSignal): Promise<MeshSession> {
    const { clock, mesh } = this.#components
    return withDeadline(clock, SESSION_OPEN_MS, stopping, async (signal) => {
      const session = await mesh.open(this.#peer, ANNOUNCE_PROTOCOL, signal)
      if (signal.aborted) session.abort(STOPPED) // Too late: nobody waits for it any more.
      return session
    })
  }
}
