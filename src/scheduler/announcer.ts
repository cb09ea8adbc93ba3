import type { Clock } from '../base/clock.ts'
import { messageOf } from '../base/errors.ts'
import {
  ANNOUNCE_COALESCE_MS,
  ANNOUNCE_INTERVAL_MS,
  ANNOUNCE_SETTLE_MS,
  ANNOUNCEMENT_MAX_BYTES,
  PEER_GONE_MS,
  PEERS_MAX,
} from '../base/limits.ts'
import type { Logger } from '../base/log.ts'
import { ANNOUNCE_PROTOCOL, type Announcement } from '../protocols/announcement.ts'
import { decodeAnnouncement, encodeAnnouncement } from '../protocols/announcement-codec.ts'
import type { Mesh, MeshSession, PeerId } from '../protocols/mesh.ts'
import { AnnounceLink } from './announce-link.ts'
import type { PeerTable } from './peer-table.ts'
import type { RecentClients } from './recent-clients.ts'

export interface AnnouncerComponents {
  readonly clock: Clock
  readonly log: Logger
  readonly mesh: Pick<Mesh, 'connected' | 'open' | 'handle' | 'subscribe' | 'disconnect'>
  readonly peers: Pick<PeerTable, 'heard' | 'connected' | 'disconnected' | 'silentMs'>
  readonly clients: Pick<RecentClients, 'has'>
  /** What this node has to tell at this moment. */
  readonly describe: () => Announcement
}

/** Whom something is told: every peer, or those alone that give this node work. */
type Audience = 'all' | 'clients'

/** Serves `/hybridgrid/announce/1.0.0` both ways: tells every peer about this node, and the table about every peer. Spec: docs/protocols/announce.md */
export class Announcer {
  readonly #components: AnnouncerComponents
  /** One per connected peer, at most PEERS_MAX. */
  readonly #links = new Map<PeerId, AnnounceLink>()
  /** The session on which each peer tells us; a newer one replaces it. At most PEERS_MAX. */
  readonly #incoming = new Map<PeerId, MeshSession>()
  readonly #ending = new Set<Promise<void>>()
  #handles = false
  /** Whom there is something to tell before the next beat. */
  #news: Audience | undefined
  #wake = new AbortController()
  #stopping = new AbortController()
  #unsubscribe: (() => void) | undefined
  #loop: Promise<void> | undefined

  constructor(components: AnnouncerComponents) {
    this.#components = components
  }

  async start(): Promise<void> {
    if (this.#loop !== undefined) return
    const { mesh } = this.#components
    this.#stopping = new AbortController()
    if (!this.#handles) mesh.handle(ANNOUNCE_PROTOCOL, (session) => this.#listen(session)) // There is no way to take a handler back.
    this.#handles = true
    this.#unsubscribe = mesh.subscribe({
      connected: (peer) => this.#connected(peer),
      disconnected: (peer) => this.#disconnected(peer),
    })
    for (const peer of mesh.connected()) this.#connected(peer)
    this.#loop = this.#run(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    if (this.#loop === undefined) return
    this.#stopping.abort(STOPPED)
    this.#wake.abort(WOKEN)
    this.#unsubscribe?.()
    for (const peer of this.#links.keys()) this.#drop(peer)
    for (const session of this.#incoming.values()) session.abort(STOPPED)
    await Promise.all([this.#loop, ...this.#ending])
    this.#loop = undefined
  }

  /** There is news worth telling all at once. Many calls within ANNOUNCE_COALESCE_MS are one announcement. */
  changed(): void {
    if (this.#links.size === 0) return // Who comes is told what is so then.
    this.#news = 'all'
    this.#wake.abort(WOKEN)
  }

  /** This node got busier or freer: news for those who give it work. */
  loadChanged(): void {
    if (this.#news !== undefined || !this.#hasClients()) return
    this.#news = 'clients'
    this.#wake.abort(WOKEN)
  }

  #hasClients(): boolean {
    for (const peer of this.#links.keys()) if (this.#components.clients.has(peer)) return true
    return false
  }

  async #run(stopping: AbortSignal): Promise<void> {
    const { clock } = this.#components
    let beatAt = clock.now()
    while (!stopping.aborted) {
      const toldAt = clock.now()
      // News shortly before the beat is the beat: it comes no later for them, and nobody is told twice within ANNOUNCE_COALESCE_MS.
      const audience = this.#news === 'all' || beatAt - toldAt < ANNOUNCE_COALESCE_MS ? 'all' : 'clients'
      if (audience === 'all') beatAt = toldAt + ANNOUNCE_INTERVAL_MS
      this.#news = undefined
      this.#wake = new AbortController()
      this.#announce(audience)
      this.#dropSilent()
      await clock.sleep(beatAt - toldAt, this.#wake.signal).catch(() => undefined)
      if (this.#news === undefined) continue
      const tooSoonMs = toldAt + ANNOUNCE_COALESCE_MS - clock.now()
      await clock.sleep(Math.max(tooSoonMs, ANNOUNCE_SETTLE_MS), stopping).catch(() => undefined)
    }
  }

  #announce(audience: Audience): void {
    const told = [...this.#links].filter(([peer]) => audience === 'all' || this.#components.clients.has(peer))
    if (told.length === 0) return
    const frame = this.#frame()
    for (const [, link] of told) link.offer(frame)
  }

  #frame(): Uint8Array {
    return encodeAnnouncement(this.#components.describe())
  }

  /** A connection over which nothing comes is no better than none, but looks so: give it up, that another can be made. */
  #dropSilent(): void {
    const { mesh, peers } = this.#components
    for (const peer of this.#links.keys()) {
      if (peers.silentMs(peer) >= PEER_GONE_MS) mesh.disconnect(peer, new Error(`silent for ${PEER_GONE_MS} ms`))
    }
  }

  #connected(peer: PeerId): void {
    if (this.#links.has(peer) || this.#links.size >= PEERS_MAX || !this.#components.peers.connected(peer)) return
    const link = new AnnounceLink(this.#components, { peer })
    this.#links.set(peer, link)
    link.offer(this.#frame())
  }

  #disconnected(peer: PeerId): void {
    this.#drop(peer)
    this.#components.peers.disconnected(peer)
  }

  #drop(peer: PeerId): void {
    const link = this.#links.get(peer)
    if (link === undefined) return
    this.#links.delete(peer)
    this.#track(link.stop())
  }

  /** One peer's announcements, until it ends the session or says something else. */
  async #listen(session: MeshSession): Promise<void> {
    if (this.#stopping.signal.aborted) return session.abort(STOPPED)
    this.#incoming.get(session.peer)?.abort(new Error('replaced by a newer session'))
    if (!this.#incoming.has(session.peer) && this.#incoming.size >= PEERS_MAX) return session.abort(FULL)
    this.#incoming.set(session.peer, session)
    const heard = this.#hear(session, this.#stopping.signal)
    this.#track(heard)
    await heard
  }

  async #hear(session: MeshSession, stopping: AbortSignal): Promise<void> {
    const { clock, log, peers } = this.#components
    let heardAt = Number.NEGATIVE_INFINITY
    try {
      for (;;) {
        const frame = await session.read(ANNOUNCEMENT_MAX_BYTES, stopping)
        if (frame === undefined) return await session.close()
        const tooSoonMs = heardAt + HEARD_EACH_MS - clock.now()
        if (tooSoonMs > 0) await clock.sleep(tooSoonMs, stopping)
        session.closed.throwIfAborted() // A newer session may have told newer things meanwhile.
        heardAt = clock.now()
        peers.heard(session.peer, decodeAnnouncement(frame))
      }
    } catch (error) {
      log.debug('a peer ended its announcements', { peer: session.peer, why: messageOf(error) })
      session.abort(error instanceof Error ? error : new Error(messageOf(error)))
    } finally {
      if (this.#incoming.get(session.peer) === session) this.#incoming.delete(session.peer)
    }
  }

  /** Lets `stop` wait for work that never rejects. */
  #track(work: Promise<void>): void {
    this.#ending.add(work)
    void work.finally(() => this.#ending.delete(work))
  }
}

/** Nobody has cause to say more; who floods us is slowed to this. */
const HEARD_EACH_MS = ANNOUNCE_COALESCE_MS / 2

const STOPPED = new Error('the announcer was stopped')
/** Made once: without a reason `abort` makes an error, stack and all, at each call. */
const WOKEN = new Error('there is news')
const FULL = new Error('more peers than are listened to')
