import { majorVersion, type Toolchain } from './toolchain.ts'

/** gcc heeds SOURCE_DATE_EPOCH since this version. clang 14 does not. */
const GCC_HEEDS_EPOCH = 7
const DAY_SECONDS = 86_400

/** Whether a compiler tells the date and time that SOURCE_DATE_EPOCH says. */
export function heedsEpoch(toolchain: Pick<Toolchain, 'family' | 'version'>): boolean {
  return toolchain.family === 'gcc' && majorVersion(toolchain) >= GCC_HEEDS_EPOCH
}

/**
 * The SOURCE_DATE_EPOCH with which a compiler elsewhere tells the date and time that one here would tell at `wallTime`: it takes
 * that for Greenwich's, and this machine tells its own. Of the date alone it is the same all day.
 */
export function epochToTell(wallTime: number, usesTime: boolean): number {
  const seconds = Math.floor(wallTime / 1000) - 60 * new Date(wallTime).getTimezoneOffset()
  return usesTime ? seconds : seconds - (seconds % DAY_SECONDS)
}
