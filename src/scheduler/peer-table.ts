import type { Clock } from '../base/clock.ts'
import { PEER_GONE_MS, PEER_QUIET_MS, PEER_RECONNECT_MS, PEERS_MAX } from '../base/limits.ts'
import type { Announcement } from '../protocols/announcement.ts'
import type { PeerId } from '../protocols/mesh.ts'
import { Reputation } from './reputation.ts'

/** A peer as this node sees it at the moment of asking. */
export interface KnownPeer {
  readonly id: PeerId
  readonly announcement: Announcement
  readonly connected: boolean
  /** Milliseconds since it was last heard. */
  readonly silentMs: number
  /** Recent failures, decaying; 0 is a good name. */
  readonly failures: number
}

export interface PeerTableListener {
  joined?(peer: PeerId): void
  /** Announced something, fell quiet, or its connection came or went. */
  changed?(peer: PeerId): void
  left?(peer: PeerId): void
}

/** The table looks for peers that fell silent when one may have, but no sooner than this: it walks at most PEERS_MAX entries. */
const SWEEP_MIN_MS = 250
/** And at least so often, that a pause of this process is seen for what it is. */
const SWEEP_MAX_MS = 1_000
/** A sweep so late means that this process was stopped or starved: the silence was ours. */
const SWEEP_LATE_MS = 1_000

interface Entry {
  /** What it last announced; undefined until heard, and again once gone. */
  announcement: Announcement | undefined
  /** When it was last heard, or appeared. */
  heardAt: number
  /** When the connection broke; undefined while there is one. */
  brokenAt: number | undefined
  /** Whether listeners were told that it fell quiet. */
  quiet: boolean
}

/** Who is in the mesh, by what they announce. What it says is pure over `clock.now()`; its timer only tells listeners. */
export class PeerTable {
  readonly #clock: Clock
  readonly #entries = new Map<PeerId, Entry>()
  readonly #listeners = new Set<PeerTableListener>()
  readonly #reputation = new Reputation()
  #stopping = new AbortController()
  #loop: Promise<void> | undefined
  /** When the next sweep is due. */
  #sweepAt = Number.POSITIVE_INFINITY

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock
  }

  async start(): Promise<void> {
    if (this.#loop !== undefined) return
    this.#stopping = new AbortController()
    this.#loop = this.#sweepUntil(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#loop
    this.#loop = undefined
  }

  /** Peers that are in the mesh, by id. */
  alive(): readonly KnownPeer[] {
    const now = this.#now()
    const peers = [...this.#entries].flatMap(([id, entry]) => this.#known(id, entry, now) ?? [])
    return peers.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Peers that may be given work: connected, and heard a moment ago. */
  schedulable(): readonly KnownPeer[] {
    return this.alive().filter(({ connected, silentMs }) => connected && silentMs < PEER_QUIET_MS)
  }

  /** One peer, if it is in the mesh. */
  get(peer: PeerId): KnownPeer | undefined {
    const entry = this.#entries.get(peer)
    return entry && this.#known(peer, entry, this.#now())
  }

  /** Milliseconds since a peer was last heard or, if it never was, since it appeared. Infinite when nothing is known of it. */
  silentMs(peer: PeerId): number {
    return this.#now() - (this.#entries.get(peer)?.heardAt ?? Number.NEGATIVE_INFINITY)
  }

  /** Takes a peer's word about itself. False when the table is full: those who came first stay. */
  heard(peer: PeerId, announcement: Announcement): boolean {
    const entry = this.#enter(peer)
    if (entry === undefined) return false
    const joins = !this.#joined(entry)
    Object.assign(entry, { announcement, heardAt: this.#now(), quiet: false })
    if (this.#joined(entry)) this.#tell(joins ? 'joined' : 'changed', peer)
    return true
  }

  /** A connection to the peer was made. False when the table is full. */
  connected(peer: PeerId): boolean {
    const entry = this.#enter(peer)
    if (entry === undefined) return false
    if (entry.brokenAt !== undefined) entry.heardAt = this.#now() // A handshake is a sign of life.
    entry.brokenAt = undefined
    if (this.#joined(entry)) this.#tell('changed', peer)
    return true
  }

  /** The last connection to the peer broke. It stays in the mesh for PEER_RECONNECT_MS. */
  disconnected(peer: PeerId): void {
    const entry = this.#entries.get(peer)
    if (entry === undefined || entry.brokenAt !== undefined) return
    entry.brokenAt = this.#now()
    if (this.#joined(entry)) this.#tell('changed', peer)
  }

  /** Forgets the peer at once: somebody knows that it is gone. */
  lost(peer: PeerId): void {
    const entry = this.#entries.get(peer)
    if (entry !== undefined) this.#remove(peer, entry)
  }

  failed(peer: PeerId): void {
    this.#reputation.failed(peer, this.#clock.now())
  }

  succeeded(peer: PeerId): void {
    this.#reputation.succeeded(peer, this.#clock.now())
  }

  /** The peer refused a job because it is full: counts as full until it announces anew. */
  busy(peer: PeerId): void {
    const entry = this.#entries.get(peer)
    if (entry?.announcement === undefined) return
    const { slots, running } = entry.announcement
    entry.announcement = { ...entry.announcement, running: Math.max(running, slots), queued: Math.max(slots, 1) }
  }

  /** Tells of peers that come, change and go; returns what ends it. */
  subscribe(listener: PeerTableListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Lets go of peers that are gone by now, and tells of those that fell quiet. */
  sweep(): void {
    const now = this.#now()
    for (const [peer, entry] of this.#entries) {
      if (isGone(entry, now)) this.#remove(peer, entry)
      else if (!entry.quiet && now - entry.heardAt >= PEER_QUIET_MS) {
        entry.quiet = true
        if (this.#joined(entry)) this.#tell('changed', peer)
      }
    }
  }

  async #sweepUntil(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const restMs = this.#restMs()
      this.#sweepAt = this.#clock.now() + restMs
      await this.#clock.sleep(restMs, stopping).catch(() => undefined) // Stopped: the condition ends the loop.
      this.sweep()
    }
    this.#sweepAt = Number.POSITIVE_INFINITY
  }

  /** The moment of asking. What peers said while this process stood still is still in its sockets: that silence is not held against them. */
  #now(): number {
    const now = this.#clock.now()
    const lateMs = now - this.#sweepAt
    if (lateMs >= SWEEP_LATE_MS) {
      this.#sweepAt = now
      for (const entry of this.#entries.values()) entry.heardAt += lateMs
    }
    return now
  }

  /** How long until one of those who are known may fall quiet or be gone. */
  #restMs(): number {
    const now = this.#clock.now()
    let next = now + SWEEP_MAX_MS
    for (const { heardAt, brokenAt, quiet } of this.#entries.values()) {
      next = Math.min(next, heardAt + (quiet ? PEER_GONE_MS : PEER_QUIET_MS))
      if (brokenAt !== undefined) next = Math.min(next, brokenAt + PEER_RECONNECT_MS)
    }
    return Math.max(SWEEP_MIN_MS, next - now)
  }

  #enter(peer: PeerId): Entry | undefined {
    const known = this.#entries.get(peer)
    if (known !== undefined) return known
    if (this.#entries.size >= PEERS_MAX) this.sweep()
    if (this.#entries.size >= PEERS_MAX) return undefined
    const now = this.#now()
    // Frames and the news of their connection come by different ways; without that news the peer has as long as a reconnect takes.
    const entry = { announcement: undefined, heardAt: now, brokenAt: now, quiet: false }
    this.#entries.set(peer, entry)
    return entry
  }

  #joined({ announcement }: Entry): boolean {
    return announcement !== undefined
  }

  #remove(peer: PeerId, entry: Entry): void {
    const joined = this.#joined(entry)
    entry.announcement = undefined
    if (entry.brokenAt !== undefined) this.#entries.delete(peer) // While connected it may still say something.
    if (joined) this.#tell('left', peer)
  }

  #known(id: PeerId, entry: Entry, now: number): KnownPeer | undefined {
    const { announcement, heardAt, brokenAt } = entry
    if (announcement === undefined || isGone(entry, now)) return undefined
    const failures = this.#reputation.failures(id, now)
    return { id, announcement, connected: brokenAt === undefined, silentMs: now - heardAt, failures }
  }

  #tell(event: keyof PeerTableListener, peer: PeerId): void {
    for (const listener of this.#listeners) listener[event]?.(peer)
  }
}

function isGone({ heardAt, brokenAt }: Entry, now: number): boolean {
  return now - heardAt >= PEER_GONE_MS || (brokenAt !== undefined && now - brokenAt >= PEER_RECONNECT_MS)
}
