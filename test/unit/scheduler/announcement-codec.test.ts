import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encode } from 'cborg'
import { sha256 } from '../../../src/base/digest.ts'
import { ANNOUNCEMENT_MAX_BYTES, NAME_MAX_LENGTH, SLOTS_MAX, TOOLCHAINS_MAX } from '../../../src/base/limits.ts'
import type { ToolchainId } from '../../../src/compiler/toolchain.ts'
import { AnnouncementError, decodeAnnouncement, encodeAnnouncement } from '../../../src/protocols/announcement-codec.ts'
import type { PeerId } from '../../../src/protocols/mesh.ts'
import { SimRandom } from '../../sim/random.ts'
import { announcementOf } from './announcements.ts'

const SEED = 8412
const TOOLCHAIN = { id: sha256('gcc') as ToolchainId, version: 'gcc 12.2.0', target: 'aarch64-linux-gnu' }

/** The code with which `frame` is refused, undefined where it is taken. Whatever else is thrown fails the test. */
function refusal(frame: Uint8Array): string | undefined {
  try {
    decodeAnnouncement(frame)
    return undefined
  } catch (error) {
    assert.ok(error instanceof AnnouncementError, `threw ${error}`)
    return error.reason.code === 'ANNOUNCEMENT_FIELD_BAD' ? error.reason.field : error.reason.code
  }
}

/** A frame of an announcement of which some fields are anything. */
const forged = (fields: Readonly<Record<string, unknown>>) => encode({ ...announcementOf(), ...fields })

test('what is announced is what is heard', () => {
  const announcement = announcementOf({ name: 'Jörgs Büro №2', coordinator: '12D3KooWExample' as PeerId })
  assert.deepEqual(decodeAnnouncement(encodeAnnouncement(announcement)), announcement)
})

test('fields of later versions are passed over', () => {
  const announcement = decodeAnnouncement(forged({ battery: 0.4, nested: { deep: [1, 2, 3] } }))
  assert.deepEqual(announcement, announcementOf())
})

test('what is over the bounds at home is cut, and not refused by peers', () => {
  const toolchains = Array.from({ length: TOOLCHAINS_MAX + 5 }, () => TOOLCHAIN)
  const announcement = announcementOf({
    name: `host\n${'x'.repeat(500)}`,
    slots: 5_000,
    upMs: 1.5,
    toolchains: [{ ...TOOLCHAIN, target: '' }, ...toolchains],
  })
  const heard = decodeAnnouncement(encodeAnnouncement(announcement))
  assert.equal(heard.name, `host?${'x'.repeat(NAME_MAX_LENGTH - 5)}`)
  assert.deepEqual([heard.slots, heard.upMs, heard.toolchains.length], [SLOTS_MAX, 1, TOOLCHAINS_MAX])
})

test('the longest announcement there can be fits into its frame', () => {
  const word = 'w'.repeat(1_000)
  const toolchains = Array.from({ length: TOOLCHAINS_MAX }, () => ({ ...TOOLCHAIN, version: '€'.repeat(1_000) }))
  assert.ok(encodeAnnouncement(announcementOf({ name: word, toolchains })).length < ANNOUNCEMENT_MAX_BYTES)
})

const LONG = 'x'.repeat(65)
const BAD_FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  name: [undefined, null, '', LONG, 7, 'two\nlines', 'red\u001b[31m', 'evil\u202egnp'],
  arch: ['', LONG, 'x86 64', 'a/b', '-rf', null],
  os: ['', 'linux;rm', 3],
  slots: [-1, 1.5, SLOTS_MAX + 1, '4', Number.NaN, Number.POSITIVE_INFINITY, null, 2n ** 60n],
  running: [-1, 0.5, '0', Number.NaN],
  queued: [-1, null],
  loadByOthers: [-0.1, Number.NaN, Number.POSITIVE_INFINITY, 2e9, '1'],
  freeMemoryBytes: [-1, 2 ** 60, Number.NaN],
  toolchains: [null, {}, 'gcc', [7], Array(TOOLCHAINS_MAX + 1).fill(TOOLCHAIN)],
  sandboxed: [0, 1, 'true', null],
  coordinatorRole: [1, undefined],
  coordinator: ['../etc', 'a b', 'x'.repeat(129), null, 7],
  startedAt: [-1, 0.5, null],
  upMs: [-1, 'long'],
  cacheBytes: [-1],
  httpPort: [-1, 65_536, 80.5],
}

const BAD_TOOLCHAIN_FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  id: [undefined, '', 'ab', 'F'.repeat(64), 7],
  version: [undefined, '', 'two\nlines', 'x'.repeat(129), 12],
  target: [undefined, '', LONG, '-march=native', 'a b'],
}

describe('a field that is missing or out of bounds is refused by its name', () => {
  for (const [field, values] of Object.entries(BAD_FIELDS)) {
    test(field, () => {
      for (const value of values) assert.equal(refusal(forged({ [field]: value })), field, String(value))
    })
  }
  for (const [field, values] of Object.entries(BAD_TOOLCHAIN_FIELDS)) {
    test(`${field} of a toolchain`, () => {
      for (const value of values) {
        const toolchains = [{ ...TOOLCHAIN, [field]: value }]
        assert.equal(refusal(forged({ toolchains })), field, String(value))
      }
    })
  }
})

test('bytes that are no CBOR map are refused', () => {
  assert.equal(refusal(new Uint8Array()), 'ANNOUNCEMENT_NOT_CBOR')
  assert.equal(refusal(Uint8Array.of(0xff)), 'ANNOUNCEMENT_NOT_CBOR')
  assert.equal(refusal(encode([1, 2])), 'announcement')
  assert.equal(refusal(encode('hello')), 'announcement')
  assert.equal(refusal(new Uint8Array(ANNOUNCEMENT_MAX_BYTES + 1)), 'ANNOUNCEMENT_TOO_LONG')
})

test('a key that means something to objects means nothing here', () => {
  const named = encode(new Map<string, unknown>([['__proto__', announcementOf()]]))
  assert.equal(refusal(named), 'name')
})

test('nesting as deep as a frame allows is refused, not crashed on', () => {
  assert.equal(refusal(new Uint8Array(ANNOUNCEMENT_MAX_BYTES).fill(0x81)), 'ANNOUNCEMENT_NOT_CBOR')
})

test('lengths that promise more than there is are refused', () => {
  assert.equal(refusal(Uint8Array.of(0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)), 'ANNOUNCEMENT_NOT_CBOR')
  assert.equal(refusal(Uint8Array.of(0x7a, 0xff, 0xff, 0xff, 0xff)), 'ANNOUNCEMENT_NOT_CBOR')
})

test(`whatever the bytes, they are refused in good order (seed ${SEED})`, () => {
  const random = new SimRandom(SEED)
  const good = encodeAnnouncement(announcementOf())
  for (let round = 0; round < 5_000; round += 1) {
    const bytes = random.float() < 0.5 ? good.slice(0, random.integer(1, good.length)) : good.slice()
    for (let flips = random.integer(1, 4); flips > 0; flips -= 1) {
      bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255)
    }
    refusal(bytes)
  }
})
