import { INCLUDE_FILE_REQUESTS_MAX } from '../../base/limits.ts'
import type {
  ComputedRequest,
  DirectiveScan,
  IncludePurpose,
  IncludeRequest,
  OpaqueReason,
  SearchStart,
} from './directive-scan.ts'
import { decodeName, ownString } from './header-name.ts'

/** Collects what the scan of one file finds, each request once. */
export class ScanFindings {
  readonly #requests = new Map<string, IncludeRequest>()
  readonly #computed = new Map<string, ComputedRequest>()
  opaque: OpaqueReason | undefined
  usesDate = false
  usesTime = false
  usesTimestamp = false
  usesModules = false

  /** `latin1` is the name as it stands in the text, one character per byte. */
  request(start: SearchStart, purpose: IncludePurpose, latin1: string): void {
    const name = decodeName(latin1)
    if (name === undefined) this.opaque ??= 'unspeakable-name'
    else if (this.#requests.size + this.#computed.size >= INCLUDE_FILE_REQUESTS_MAX) this.opaque ??= 'excessive'
    else if (name !== '') this.#requests.set(`${start} ${purpose} ${name}`, { start, purpose, name })
  }

  compute(request: ComputedRequest): void {
    if (this.#requests.size + this.#computed.size >= INCLUDE_FILE_REQUESTS_MAX) {
      this.opaque ??= 'excessive'
      return
    }
    const macro = ownString(request.macro)
    this.#computed.set(`${request.directive} ${request.purpose} ${request.form} ${macro}`, { ...request, macro })
  }

  done(): DirectiveScan {
    const { opaque, usesDate, usesTime, usesTimestamp, usesModules } = this
    const requests = [...this.#requests.values()]
    return { requests, computed: [...this.#computed.values()], opaque, usesDate, usesTime, usesTimestamp, usesModules }
  }
}
