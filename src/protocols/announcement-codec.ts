import { encode } from 'cborg'
import { isSha256 } from '../base/digest.ts'
import { HybridgridError, messageOf } from '../base/errors.ts'
import {
  ANNOUNCEMENT_MAX_BYTES,
  MACHINE_WORD_MAX_LENGTH,
  NAME_MAX_LENGTH,
  PEER_ID_MAX_LENGTH,
  SLOTS_MAX,
  TOOLCHAINS_MAX,
  VERSION_TEXT_MAX_LENGTH,
} from '../base/limits.ts'
import type { ToolchainId } from '../compiler/toolchain.ts'
import type { AnnouncedToolchain, Announcement } from './announcement.ts'
import { type Check, decodeCbor, fieldReader, isBoolean, isCountUpTo } from './cbor-fields.ts'
import type { PeerId } from './mesh.ts'

export type AnnouncementFailure =
  | { readonly code: 'ANNOUNCEMENT_TOO_LONG'; readonly bytes: number }
  | { readonly code: 'ANNOUNCEMENT_NOT_CBOR' }
  | { readonly code: 'ANNOUNCEMENT_FIELD_BAD'; readonly field: string }

/** A peer announced something that is not an announcement. */
export class AnnouncementError extends HybridgridError<AnnouncementFailure> {}

/** One frame of the announce protocol. What is over the bounds of `base/limits.ts` is cut, so that no peer refuses our own words. */
export function encodeAnnouncement(announcement: Announcement): Uint8Array {
  return encode({
    ...announcement,
    name: printable(announcement.name, NAME_MAX_LENGTH),
    slots: Math.min(announcement.slots, SLOTS_MAX),
    freeMemoryBytes: Math.floor(announcement.freeMemoryBytes),
    toolchains: announcement.toolchains.filter(isTellable).slice(0, TOOLCHAINS_MAX).map(withPrintableVersion),
    startedAt: Math.floor(announcement.startedAt),
    upMs: Math.floor(announcement.upMs),
  })
}

const isTellable = ({ target }: AnnouncedToolchain): boolean => isMachineWord(target)
const withPrintableVersion = ({ id, version, target }: AnnouncedToolchain): AnnouncedToolchain => ({
  id,
  version: printable(version, VERSION_TEXT_MAX_LENGTH),
  target,
})

/** What a peer announced. Throws `AnnouncementError` and nothing else, whatever the bytes. Fields of later versions are passed over. */
export function decodeAnnouncement(frame: Uint8Array): Announcement {
  if (frame.length > ANNOUNCEMENT_MAX_BYTES) {
    const reason = { code: 'ANNOUNCEMENT_TOO_LONG', bytes: frame.length } as const
    throw new AnnouncementError(reason, `an announcement of ${frame.length} bytes`)
  }
  const fields = asFields(parse(frame), 'announcement')
  return {
    name: field(fields, 'name', isName),
    arch: field(fields, 'arch', isMachineWord),
    os: field(fields, 'os', isMachineWord),
    slots: field(fields, 'slots', isSlots),
    running: field(fields, 'running', isCount),
    queued: field(fields, 'queued', isCount),
    loadByOthers: field(fields, 'loadByOthers', isLoad),
    freeMemoryBytes: field(fields, 'freeMemoryBytes', isCount),
    toolchains: field(fields, 'toolchains', isToolchainList).map(decodeToolchain),
    sandboxed: field(fields, 'sandboxed', isBoolean),
    takesTrees: field(fields, 'takesTrees', isBoolean),
    coordinatorRole: field(fields, 'coordinatorRole', isBoolean),
    coordinator: field(fields, 'coordinator', isPeerIdOrNone),
    startedAt: field(fields, 'startedAt', isCount),
    upMs: field(fields, 'upMs', isCount),
    cacheBytes: field(fields, 'cacheBytes', isCount),
    httpPort: field(fields, 'httpPort', isPort),
  }
}

function decodeToolchain(value: unknown): AnnouncedToolchain {
  const fields = asFields(value, 'toolchains')
  return {
    id: field(fields, 'id', isToolchainId),
    version: field(fields, 'version', isVersion),
    target: field(fields, 'target', isMachineWord),
  }
}

function parse(frame: Uint8Array): unknown {
  try {
    return decodeCbor(frame)
  } catch (error) {
    const options = { cause: error }
    throw new AnnouncementError({ code: 'ANNOUNCEMENT_NOT_CBOR' }, `not CBOR: ${messageOf(error)}`, options)
  }
}

function bad(name: string): AnnouncementError {
  return new AnnouncementError({ code: 'ANNOUNCEMENT_FIELD_BAD', field: name }, `missing or out of bounds: ${name}`)
}

const { map: asFields, field } = fieldReader(bad)

/** Visible in one line of a terminal: no control, format or private characters (they could rewrite the line), no line ends. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u
const MACHINE_WORD = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/
const PEER_ID = /^[A-Za-z0-9]+$/
/** Runnable processes can outnumber cores; more than this is a lie or a broken clock. */
const LOAD_MAX = 1024 * SLOTS_MAX

const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxLength
const isNumberIn = (value: unknown, max: number): value is number =>
  typeof value === 'number' && value >= 0 && value <= max

const isCount = isCountUpTo(Number.MAX_SAFE_INTEGER)
const isSlots = isCountUpTo(SLOTS_MAX)
const isPort = isCountUpTo(65_535)
const isLoad: Check<number> = (value): value is number => isNumberIn(value, LOAD_MAX)
const isName: Check<string> = (value): value is string => isText(value, NAME_MAX_LENGTH) && !UNPRINTABLE.test(value)
const isVersion: Check<string> = (value): value is string =>
  isText(value, VERSION_TEXT_MAX_LENGTH) && !UNPRINTABLE.test(value)
const isMachineWord: Check<string> = (value): value is string =>
  isText(value, MACHINE_WORD_MAX_LENGTH) && MACHINE_WORD.test(value)
const isToolchainId: Check<ToolchainId> = (value): value is ToolchainId => isSha256(value)
const isToolchainList: Check<readonly unknown[]> = (value): value is readonly unknown[] =>
  Array.isArray(value) && value.length <= TOOLCHAINS_MAX
const isPeerIdOrNone: Check<PeerId | ''> = (value): value is PeerId | '' =>
  value === '' || (isText(value, PEER_ID_MAX_LENGTH) && PEER_ID.test(value))

/** `text` with what terminals must not see replaced, cut to `maxLength`; never empty. */
function printable(text: string, maxLength: number): string {
  const visible = Array.from(text, (character) => (UNPRINTABLE.test(character) ? '?' : character))
  while (visible.join('').length > maxLength) visible.pop() // By characters: half of one would not be printable.
  return visible.join('') || '?'
}
