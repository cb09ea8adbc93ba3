import type { Sha256Hex } from '../base/digest.ts'

/** One that keys may be at home with. */
export interface Member<Id extends string = string> {
  readonly id: Id
  /** Its share of the keys, beside the others' weights; none at 0. */
  readonly weight: number
}

/**
 * The members that a key is at home with, the first home first: the same on every machine that knows the same members,
 * in whatever order. Who comes or goes moves only the keys that are then or were before its own (rendezvous hashing).
 */
export function homes<Id extends string>(key: Sha256Hex, members: readonly Member<Id>[], count: number): readonly Id[] {
  const [high, low] = [Number.parseInt(key.slice(0, 8), 16), Number.parseInt(key.slice(8, 16), 16)]
  return members
    .filter(({ weight }) => weight > 0)
    .map(({ id, weight }) => ({ id, distance: distance(id, weight, high, low) }))
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id)
}

/**
 * An exponentially distributed number for each pair of member and key, of mean 1/weight: the chance to have the least of
 * all is then in proportion to the weight. Processors may round the logarithm differently in its last bit; two homes
 * change places by that once in 2^50 keys, which costs a compile and nothing else.
 */
function distance(id: string, weight: number, high: number, low: number): number {
  // Keys are hashes already: mixing in the member takes less than hashing anew for each. 52 bits, none of them 0 or 1 in all.
  const chance = (mixed(id, high) * 2 ** 20 + (mixed(id, low) >>> 12) + 0.5) / 2 ** 52
  return -Math.log(chance) / weight
}

/** FNV-1a over the id, begun at a part of the key, then the finalizer of MurmurHash3: each bit depends on all. */
function mixed(id: string, seed: number): number {
  let hash = finalized(seed)
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
  return finalized(hash)
}

function finalized(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
