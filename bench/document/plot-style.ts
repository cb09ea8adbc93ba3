export const INK = '#39424a'
export const OTHER_COLOR = '#b4bec6'
export const OURS_COLOR = '#1f6f54'

/** Lines that lie close must be told apart; bars carry their names. */
export const CONTENDER_COLORS: Readonly<Record<string, string>> = {
  hybridgrid: OURS_COLOR,
  distcc: '#c2702d',
  'distcc pump': '#8a4a9e',
  icecc: '#3173b5',
  plain: '#7a848c',
}
