import type { PeerId } from '../../src/protocols/mesh.ts'
import type { SimClock } from './clock.ts'
import type { SimRandom } from './random.ts'

/** One message on its way from host to host. */
export interface InFlight {
  readonly from: PeerId
  readonly to: PeerId
  /** For rules and the trace: `frame`, `dial` … */
  readonly kind: string
  readonly bytes: number
  /** Sent again by the sender's kernel until it arrives or its connection is given up. */
  readonly retransmitted: boolean
}

/** What becomes of a message: `lose` is a link that is cut, `pass` leaves it to the next rule. */
export type Verdict = { readonly deliverAfterMs: number } | 'lose' | 'pass'
export type LinkRule = (message: InFlight) => Verdict

/** Delay of a message over an idle LAN, one way. */
const DELAY_MIN_MS = 0.1
const DELAY_MAX_MS = 0.6

interface Link {
  /** When the last message of this direction arrives: none overtakes another. */
  lastAt: number
  /** Messages that were lost and are sent again once the link is whole, oldest first. */
  readonly lost: { readonly message: InFlight; readonly deliver: () => void }[]
}

/** Hosts and the links between them. Every message passes one point of decision, and the trace tells who decided what. */
export class SimNetwork {
  readonly #clock: SimClock
  readonly #random: SimRandom
  readonly #rules: { readonly name: string; readonly decide: LinkRule }[] = []
  readonly #links = new Map<string, Link>()
  #ids = 0
  /** What happened, one line each. */
  readonly trace: string[] = []

  constructor({ clock, random }: { readonly clock: SimClock; readonly random: SimRandom }) {
    this.#clock = clock
    this.#random = random
  }

  /** Asks `decide` about every message from now on, after the rules that are there; returns what takes it away. */
  addRule(name: string, decide: LinkRule): () => void {
    const rule = { name, decide }
    this.#rules.push(rule)
    this.note(`rule ${name}`)
    return () => {
      const index = this.#rules.indexOf(rule)
      if (index < 0) return
      this.#rules.splice(index, 1)
      this.note(`no rule ${name}`)
      this.#retransmit()
    }
  }

  /** Cuts all links between the two groups, both ways; returns what heals them. */
  partition(these: readonly PeerId[], those: readonly PeerId[]): () => void {
    const heals = [this.partitionOneWay(these, those), this.partitionOneWay(those, these)]
    return () => {
      for (const heal of heals) heal()
    }
  }

  /** Cuts all links from one group to the other; the way back stays open. */
  partitionOneWay(from: readonly PeerId[], to: readonly PeerId[]): () => void {
    const cut = (message: InFlight) => from.includes(message.from) && to.includes(message.to)
    return this.addRule(`cut ${from}>${to}`, (message) => (cut(message) ? 'lose' : 'pass'))
  }

  /** Sends one message. Those from one host to another arrive in order. */
  send(message: InFlight, deliver: () => void): void {
    const link = this.#link(message)
    const { name, verdict } = link.lost.length > 0 ? BEHIND : this.#decide(message)
    this.note(`${message.from}>${message.to} ${message.kind} ${message.bytes} ${name}`)
    if (verdict === 'lose') {
      if (message.retransmitted) link.lost.push({ message, deliver })
      return
    }
    link.lastAt = Math.max(link.lastAt, this.#clock.now() + verdict.deliverAfterMs)
    this.#clock.schedule(link.lastAt - this.#clock.now(), deliver)
  }

  /** A number that no other connection or session of this network has. */
  nextId(): number {
    this.#ids += 1
    return this.#ids
  }

  /** Puts a line into the trace. */
  note(line: string): void {
    this.trace.push(`${this.#clock.now().toFixed(3)} ${line}`)
  }

  #decide(message: InFlight): { readonly name: string; readonly verdict: Exclude<Verdict, 'pass'> } {
    // Drawn for every message, so that a rule does not shift what others draw.
    const deliverAfterMs = DELAY_MIN_MS + this.#random.float() * (DELAY_MAX_MS - DELAY_MIN_MS)
    for (const { name, decide } of this.#rules) {
      const verdict = decide(message)
      if (verdict !== 'pass') return { name, verdict }
    }
    return { name: 'lan', verdict: { deliverAfterMs } }
  }

  #link({ from, to }: InFlight): Link {
    const key = `${from}>${to}`
    const link = this.#links.get(key) ?? { lastAt: 0, lost: [] }
    this.#links.set(key, link)
    return link
  }

  #retransmit(): void {
    for (const link of this.#links.values()) {
      for (const { message, deliver } of link.lost.splice(0)) this.send(message, deliver)
    }
  }
}

/** A message behind lost ones of its direction waits for them. */
const BEHIND = { name: 'behind', verdict: 'lose' } as const
