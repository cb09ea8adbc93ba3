import { type OptionRow, optionTable } from './option.ts'
import { SHARED_OPTIONS } from './shared.ts'

const GCC_ROWS: readonly OptionRow[] = [
  { value: 'either', names: '-A', means: { stage: 'macro' } },
  { value: 'either', names: '-imultilib -imultiarch', means: { stage: 'preprocess' } },

  { value: 'none', names: '-gas-loc-support -gas-locview-support -gdescribe-dies', means: { stage: 'both' } },
  { value: 'none', names: '-ginline-points -gstatement-frontiers -gvariable-location-views', means: { stage: 'both' } },
  { value: 'none', names: '-ginternal-reset-location-views -grecord-gcc-switches', means: { stage: 'both' } },
  { value: 'none', names: '-gstabs3 -gxcoff3 -gvms3', means: { stage: 'both', trait: 'macro-debug' } },
  { value: 'none', names: '-gtoggle', means: { local: 'host-specific' } },

  { value: 'none', names: '-fcallgraph-info -fcallgraph-info=su', means: { stage: 'compile', writes: '.ci' } },
  {
    value: 'none',
    names: '-fcallgraph-info=da -fcallgraph-info=su,da -fcallgraph-info=da,su',
    means: { stage: 'compile', writes: '.ci' },
  },
  { value: 'glued', names: '-fcallgraph-info=', means: { local: 'extra-output' } },
  {
    value: 'none',
    names: '-fopt-info -fopt-info-all -fopt-info-optimized -fopt-info-missed -fopt-info-note',
    means: { stage: 'both', needsTree: 'extra-output' },
  },
  {
    value: 'none',
    names: '-fopt-info-vec -fopt-info-vec-optimized -fopt-info-vec-missed -fopt-info-vec-all',
    means: { stage: 'both', needsTree: 'extra-output' },
  },
  {
    value: 'none',
    names: '-fopt-info-inline -fopt-info-inline-optimized -fopt-info-inline-missed -fopt-info-loop',
    means: { stage: 'both', needsTree: 'extra-output' },
  },
  { value: 'none', names: '-da -frepo -Q -fstats', means: { local: 'extra-output' } },
  {
    value: 'next',
    names: '-aux-info',
    means: { stage: 'compile', trait: 'one-call', names: 'output', needsTree: 'extra-output' },
  },
  { value: 'glued', names: '-aux-info= -time= -fself-test=', means: { local: 'extra-output' } },
  { value: 'next', names: '-dumpbase -dumpbase-ext -dumpdir --dump', means: { local: 'extra-output' } },
  { value: 'next', names: '--dumpbase --dumpbase-ext --dumpdir', means: { local: 'extra-output' } },
  { value: 'glued', names: '-fpre-ipa-mem-report -fpost-ipa-mem-report', means: { local: 'extra-output' } },
  { value: 'glued', names: '-fdiagnostics-set-output= -fdiagnostics-add-output=', means: { local: 'extra-output' } },

  {
    value: 'none',
    names: '-fvpt -fprofile-reorder-functions -fprofile-partial-training -fprofile-info-section',
    means: { stage: 'both', trait: 'one-call', needsTree: 'profile' },
  },
  {
    value: 'glued',
    names: '-fprofile-reproducible= -fprofile-update=prefer-atomic',
    means: { stage: 'both', trait: 'one-call', needsTree: 'profile' },
  },
  {
    value: 'none',
    names: '-fcondition-coverage -fpath-coverage',
    means: { stage: 'both', trait: 'one-call', writes: '.gcno', needsTree: 'profile' },
  },
  { value: 'either', names: '-iplugindir=', means: { local: 'plugin' } },
  { value: 'glued', names: '-fdeps- -flang-info-', means: { local: 'modules' } },
  { value: 'none', names: '-fpreprocessed -fdirectives-only', means: { local: 'unknown-option' } },
  { value: 'none', names: '-fno-directives-only', means: { local: 'unknown-option' } },
  { value: 'none', names: '-traditional -no-integrated-cpp', means: { local: 'unknown-option' } },
  { value: 'glued', names: '--completion=', means: { role: 'ask' } },

  // The linker's -soname.
  { value: 'either', names: '-h', means: { stage: 'link' } },
]

/** Every option of gcc that takes a value or does more than tune a compile. */
export const GCC_OPTIONS = optionTable(SHARED_OPTIONS, GCC_ROWS)
