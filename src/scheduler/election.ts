import { PEER_QUIET_MS } from '../base/limits.ts'
import type { Announcement } from '../protocols/announcement.ts'
import type { PeerId } from '../protocols/mesh.ts'
import type { PeerTable } from './peer-table.ts'

/** What an election knows of a node: its own word, the same to all who heard it. */
export interface Candidate extends Pick<Announcement, 'coordinatorRole' | 'coordinator' | 'startedAt'> {
  readonly id: PeerId
}

/**
 * The coordinator among `members`, this node one of them: who has the role; then whom most take for the coordinator
 * already; then who is longest up; then the smaller id.
 *
 * Every term is a number that all nodes got from the node it is about, so two nodes with the same members come to the
 * same answer whatever their clocks say. The votes make it sticky (who starts later has none), and let two halves of a
 * healed network agree: the larger half's coordinator stays, and each node that turns to it makes its lead larger.
 */
export function elect(members: readonly Candidate[]): PeerId | undefined {
  const votes = new Map<string, number>()
  for (const { coordinator } of members) votes.set(coordinator, (votes.get(coordinator) ?? 0) + 1)
  const votesFor = ({ id }: Candidate) => votes.get(id) ?? 0
  const [winner] = members.toSorted(
    (a, b) =>
      Number(b.coordinatorRole) - Number(a.coordinatorRole) ||
      votesFor(b) - votesFor(a) ||
      a.startedAt - b.startedAt ||
      (a.id < b.id ? -1 : 1),
  )
  return winner?.id
}

export interface CoordinatorComponents {
  readonly peers: Pick<PeerTable, 'alive' | 'subscribe'>
  /** This node; all but the vote, which is this class's to cast. */
  readonly self: Omit<Candidate, 'coordinator'>
}

/** Whom this node takes for the coordinator, over all changes of the mesh. A node alone is its own. */
export class Coordinator {
  readonly #components: CoordinatorComponents
  readonly #listeners = new Set<(coordinator: PeerId) => void>()
  #current: PeerId
  #unsubscribe: (() => void) | undefined

  constructor(components: CoordinatorComponents) {
    this.#components = components
    this.#current = components.self.id
  }

  async start(): Promise<void> {
    if (this.#unsubscribe !== undefined) return
    const look = () => this.#look()
    this.#unsubscribe = this.#components.peers.subscribe({ joined: look, changed: look, left: look })
    look()
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
  }

  get current(): PeerId {
    return this.#current
  }

  /** Whether this node is the coordinator. */
  get serving(): boolean {
    return this.#current === this.#components.self.id
  }

  /** Tells when another is elected, which is worth an announcement; returns what ends it. */
  subscribe(listener: (coordinator: PeerId) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #look(): void {
    const { peers, self } = this.#components
    // A silent peer cannot serve, and it may be gone: PEER_GONE_MS would be long to wait for a new one.
    const others = peers.alive().filter(({ silentMs }) => silentMs < PEER_QUIET_MS)
    const candidates = others.map(({ id, announcement }) => ({ ...announcement, id }))
    const elected = elect([...candidates, { ...self, coordinator: this.#current }])
    if (elected === undefined || elected === this.#current) return
    this.#current = elected
    for (const listener of this.#listeners) listener(elected)
  }
}
