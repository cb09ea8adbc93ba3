import { HybridgridError } from '../base/errors.ts'

export type SettingsFailure =
  | { readonly code: 'SETTING_BAD'; readonly source: string }
  | { readonly code: 'SETTING_UNKNOWN'; readonly source: string }
  | { readonly code: 'SETTINGS_FILE_BAD'; readonly source: string }

/** A setting that cannot be used. The message names where it was written, the hint what is accepted there. */
export class SettingsError extends HybridgridError<SettingsFailure> {
  readonly hint: string
  constructor(reason: SettingsFailure, message: string, hint: string) {
    super(reason, message)
    this.hint = hint
  }
}
