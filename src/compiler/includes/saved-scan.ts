import { INCLUDE_FILE_REQUESTS_MAX } from '../../base/limits.ts'
import { listOf } from '../../base/list-of.ts'
import type {
  ComputedForm,
  ComputedRequest,
  DirectiveScan,
  IncludePurpose,
  IncludeRequest,
  OpaqueReason,
  SearchStart,
} from './directive-scan.ts'

/** One letter for each: there are some ten requests in a file. */
const STARTS: Readonly<Record<SearchStart, string>> = {
  quote: 'q',
  angle: 'a',
  next: 'n',
  'embed-quote': 'e',
  'embed-angle': 'b',
  assembler: 's',
}
const PURPOSES: Readonly<Record<IncludePurpose, string>> = { text: 't', presence: 'p' }
const DIRECTIVES: Readonly<Record<ComputedRequest['directive'], string>> = { include: 'i', next: 'n', embed: 'e' }
const FORMS: Readonly<Record<ComputedForm, string>> = { name: '1', more: '0', probe: 'p' }
const OPAQUE: Readonly<Record<OpaqueReason, string>> = {
  'computed-include': 'ci',
  'assembler-include': 'ai',
  'computed-probe': 'cp',
  'dependency-pragma': 'dp',
  'file-pragma': 'fp',
  'unspeakable-name': 'un',
  excessive: 'ex',
}
const START_OF = inverse(STARTS)
const PURPOSE_OF = inverse(PURPOSES)
const DIRECTIVE_OF = inverse(DIRECTIVES)
const FORM_OF = inverse(FORMS)
const OPAQUE_OF = inverse(OPAQUE)
/** Letters before the name of a request, and before the macro of a computed one. */
const REQUEST_LETTERS = 2
const COMPUTED_LETTERS = 3

/** A scan in a short form that JSON can hold. */
export function scanToRow(scan: DirectiveScan): unknown {
  const { requests, computed, opaque, usesDate, usesTime, usesTimestamp, usesModules } = scan
  return [
    requests.map(({ start, purpose, name }) => `${STARTS[start]}${PURPOSES[purpose]}${name}`),
    computed.map(({ purpose, directive, macro, form }) =>
      [PURPOSES[purpose], DIRECTIVES[directive], FORMS[form], macro].join(''),
    ),
    opaque === undefined ? '' : OPAQUE[opaque],
    [usesDate, usesTime, usesTimestamp, usesModules],
  ]
}

/** Undefined for what is no such form, whatever it is. */
export function scanFromRow(row: unknown): DirectiveScan | undefined {
  if (!Array.isArray(row) || row.length !== 4) return undefined
  const [requestRows, computedRows, opaqueRow, flags]: readonly unknown[] = row
  const requests = listOf(requestRows, INCLUDE_FILE_REQUESTS_MAX, requestFrom)
  const computed = listOf(computedRows, INCLUDE_FILE_REQUESTS_MAX, computedFrom)
  if (requests === undefined || computed === undefined || typeof opaqueRow !== 'string') return undefined
  const opaque = OPAQUE_OF.get(opaqueRow)
  if ((opaque === undefined && opaqueRow !== '') || !Array.isArray(flags) || flags.length !== 4) return undefined
  const [usesDate, usesTime, usesTimestamp, usesModules]: readonly unknown[] = flags
  if (typeof usesDate !== 'boolean' || typeof usesTime !== 'boolean') return undefined
  if (typeof usesTimestamp !== 'boolean' || typeof usesModules !== 'boolean') return undefined
  return { requests, computed, opaque, usesDate, usesTime, usesTimestamp, usesModules }
}

function requestFrom(text: unknown): IncludeRequest | undefined {
  if (typeof text !== 'string') return undefined
  const start = START_OF.get(text.charAt(0))
  const purpose = PURPOSE_OF.get(text.charAt(1))
  const name = text.slice(REQUEST_LETTERS)
  if (start === undefined || purpose === undefined || name === '' || name.includes('\0')) return undefined
  return { start, purpose, name }
}

function computedFrom(text: unknown): ComputedRequest | undefined {
  if (typeof text !== 'string') return undefined
  const purpose = PURPOSE_OF.get(text.charAt(0))
  const directive = DIRECTIVE_OF.get(text.charAt(1))
  const form = FORM_OF.get(text.charAt(2))
  const macro = text.slice(COMPUTED_LETTERS)
  if (purpose === undefined || directive === undefined || form === undefined || macro === '') return undefined
  return { purpose, directive, macro, form }
}

function inverse<K extends string>(codes: Readonly<Record<K, string>>): ReadonlyMap<string, K> {
  const names = Object.keys(codes) as K[] // A record has no other keys than those of its type here.
  return new Map(names.map((name) => [codes[name], name]))
}
