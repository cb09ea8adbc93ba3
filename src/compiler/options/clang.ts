import { type OptionRow, optionTable } from './option.ts'
import { SHARED_OPTIONS } from './shared.ts'

const CLANG_ROWS: readonly OptionRow[] = [
  { value: 'none', names: '--help-hidden', means: { role: 'ask' } },
  { value: 'glued', names: '--autocomplete=', means: { role: 'ask' } },
  { value: 'none', names: '-MV', means: { role: 'dependencies' } },

  { value: 'either', names: '-cxx-isystem -isystem-after -stdlib++-isystem', means: { stage: 'preprocess' } },
  { value: 'either', names: '-iframework -iwithsysroot -iframeworkwithsysroot', means: { stage: 'preprocess' } },
  { value: 'either', names: '-ivfsoverlay', means: { stage: 'preprocess' } },
  { value: 'none', names: '-nobuiltininc -nostdlibinc -ibuiltininc', means: { stage: 'preprocess' } },

  { value: 'next', names: '-target -meabi -mthread-model', means: { stage: 'both' } },
  {
    value: 'glued',
    names: '--target= -stdlib= -fclang-abi-compat= -fms-compatibility-version=',
    means: { stage: 'both' },
  },
  { value: 'next', names: '-fdebug-compilation-dir', means: { stage: 'both' } },
  { value: 'glued', names: '-ffile-compilation-dir= -fcoverage-compilation-dir=', means: { stage: 'both' } },
  { value: 'none', names: '-integrated-as -Qunused-arguments', means: { stage: 'both' } },
  // The assembler is no part of clang: a peer's, or tomorrow's, may be another.
  { value: 'none', names: '-no-integrated-as -fno-integrated-as', means: { local: 'host-specific' } },
  { value: 'none', names: '--start-no-unused-arguments --end-no-unused-arguments', means: { stage: 'both' } },
  { value: 'glued', names: '-Rpass -Rno-pass', means: { stage: 'compile', guess: true } },

  { value: 'none', names: '-gline-tables-only -gmlt -gline-directives-only -gfull -gused', means: { stage: 'both' } },
  { value: 'none', names: '-glldb -gsce -gdbx -gcodeview -ginline-line-tables', means: { stage: 'both' } },
  { value: 'none', names: '-glldb3 -gsce3 -gdbx3 -fdebug-macro', means: { stage: 'both', trait: 'macro-debug' } },
  { value: 'none', names: '-gembed-source', means: { stage: 'both', needsTree: 'extra-input' } },
  {
    value: 'none',
    names: '-grecord-gcc-switches -grecord-command-line -frecord-command-line',
    means: { stage: 'both', trait: 'one-call', needsTree: 'recorded-command-line' },
  },
  { value: 'glued', names: '-fembed-bitcode', means: { local: 'recorded-command-line' } },

  {
    value: 'next',
    names: '-serialize-diagnostics --serialize-diagnostics',
    means: { stage: 'both', trait: 'one-call', names: 'output', needsTree: 'extra-output' },
  },
  {
    value: 'none',
    names: '-fsave-optimization-record -fsave-optimization-record=yaml',
    means: { stage: 'both', trait: 'one-call', writes: '.opt.yaml', needsTree: 'extra-output' },
  },
  {
    value: 'glued',
    names: '-foptimization-record-file=',
    means: { stage: 'both', trait: 'one-call', names: 'output', needsTree: 'extra-output' },
  },
  { value: 'next', names: '-MJ', means: { local: 'extra-output' } },
  { value: 'next', names: '-dependency-file -dependency-dot -module-dependency-dir', means: { local: 'extra-output' } },
  { value: 'next', names: '-index-store-path -gen-cdb-fragment-path', means: { local: 'extra-output' } },
  { value: 'next', names: '-Xanalyzer --analyzer-output -dsym-dir', means: { local: 'extra-output' } },
  {
    value: 'glued',
    names: '--analyze -fproc-stat-report',
    means: { local: 'extra-output' },
  },
  { value: 'glued', names: '-fcrash-diagnostics-dir= -gen-reproducer', means: { local: 'extra-output' } },
  { value: 'none', names: '-emit-llvm -emit-ast -emit-interface-stubs', means: { local: 'extra-output' } },
  { value: 'glued', names: '-fdepfile-entry= -objcmt- -object', means: { local: 'extra-output' } },

  { value: 'glued', names: '-fms-secure-hotpatch -fthinlto-index=', means: { local: 'extra-input' } },
  { value: 'glued', names: '-fembed-offload-object=', means: { local: 'extra-input' } },
  ...[
    '-fsanitize-ignorelist= -fsanitize-blacklist=',
    '-fsanitize-system-ignorelist= -fsanitize-system-blacklist=',
    '-fsanitize-coverage-allowlist= -fsanitize-coverage-ignorelist=',
    '-fsanitize-coverage-whitelist= -fsanitize-coverage-blacklist=',
    '-fxray-always-instrument= -fxray-never-instrument= -fxray-attr-list=',
    '-frandomize-layout-seed-file= -fbasic-block-sections=list= -fprofile-list=',
    '-fprofile-instr-use= -fprofile-sample-use=',
  ].map(
    (names): OptionRow => ({
      value: 'glued',
      names,
      means: { stage: 'both', trait: 'one-call', names: 'input', needsTree: 'extra-input' },
    }),
  ),
  { value: 'next', names: '-fopenmp-host-ir-file-path', means: { local: 'extra-input' } },

  { value: 'glued', names: '-fpass-plugin=', means: { local: 'plugin' } },
  { value: 'next', names: '-load -add-plugin -plugin', means: { local: 'plugin' } },
  {
    value: 'none',
    names: '-fprofile-instr-generate -fcoverage-mapping',
    means: { stage: 'both', trait: 'one-call', needsTree: 'profile' },
  },
  {
    value: 'glued',
    names: '-fprofile-instr-generate=',
    means: { stage: 'both', trait: 'one-call', needsTree: 'profile' },
  },
  {
    value: 'glued',
    names: '-fcs-profile- -fmemory-profile -fcreate-profile -fcodegen-data',
    means: { local: 'profile' },
  },
  {
    value: 'next',
    names: '-include-pch',
    means: { stage: 'both', names: 'precompiled', needsTree: 'precompiled-header' },
  },
  { value: 'next', names: '-emit-pch', means: { local: 'precompiled-header' } },
  { value: 'next', names: '-fmodules-user-build-path', means: { local: 'modules' } },
  { value: 'glued', names: '-fbuiltin-module-map -fbuild-session', means: { local: 'modules' } },

  {
    value: 'glued',
    names: '--config --gcc-toolchain -gcc-toolchain -ccc- --driver-mode',
    means: { local: 'host-specific' },
  },
  { value: 'glued', names: '--gcc-install-dir= -working-directory', means: { local: 'host-specific' } },
  { value: 'next', names: '--config --gcc-toolchain -working-directory', means: { local: 'host-specific' } },
  { value: 'either', names: '-resource-dir', means: { local: 'host-specific' } },
  { value: 'glued', names: '-resource-dir=', means: { local: 'host-specific' } },
  { value: 'glued', names: '-Xarch_ -Xopenmp-target -Xcuda- --offload', means: { local: 'several-architectures' } },
  { value: 'next', names: '-Xclang', means: { role: 'inner-words' } },
  { value: 'next', names: '-mllvm', means: { local: 'unknown-option' } },
  { value: 'glued', names: '-Xclang= -mllvm= -cc1 -ObjC', means: { local: 'unknown-option' } },
  {
    value: 'none',
    names: '-frewrite-includes -frewrite-imports -fminimize-whitespace',
    means: { local: 'unknown-option' },
  },

  { value: 'glued', names: '-rtlib= --rtlib= -unwindlib= --unwindlib= --ld-path=', means: { stage: 'link' } },
  {
    value: 'next',
    names: '-framework -install_name -compatibility_version -current_version',
    means: { stage: 'link' },
  },
  { value: 'none', names: '-headerpad_max_install_names -dead_strip', means: { stage: 'link' } },
  { value: 'none', names: '-dynamiclib -bundle', means: { stage: 'link', trait: 'one-call' } },
]

/** Every option of clang that takes a value or does more than tune a compile. */
export const CLANG_OPTIONS = optionTable(SHARED_OPTIONS, CLANG_ROWS)
