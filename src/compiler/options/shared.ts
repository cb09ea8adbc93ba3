import type { OptionRow } from './option.ts'

/** Options that gcc and clang read alike. Names are sorted by what they mean; the catch-alls stand last. */
export const SHARED_OPTIONS: readonly OptionRow[] = [
  // --- what the call is for
  { value: 'none', names: '-c', means: { role: 'object' } },
  { value: 'none', names: '-S', means: { role: 'assembly' } },
  { value: 'none', names: '-E -M -MM -MG', means: { role: 'preprocess' } },
  {
    value: 'none',
    names: '--version --help -help --target-help -### -dumpmachine -dumpversion',
    means: { role: 'ask' },
  },
  { value: 'none', names: '-dumpspecs -dumpfullversion', means: { role: 'ask' } },
  { value: 'glued', names: '--help= -print- --print-', means: { role: 'ask' } },
  { value: 'none', names: '-fsyntax-only', means: { local: 'preprocess-only' } },
  { value: 'none', names: '-v --verbose', means: { local: 'not-a-compile' } },

  // --- what the parser acts upon
  { value: 'either', names: '-o', means: { role: 'output' } },
  { value: 'next', names: '--output', means: { role: 'output' } },
  { value: 'glued', names: '--output=', means: { role: 'output' } },
  { value: 'either', names: '-x', means: { role: 'language' } },
  { value: 'next', names: '-arch', means: { role: 'architecture' } },
  { value: 'none', names: '-MD -MMD -MP', means: { role: 'dependencies' } },
  { value: 'either', names: '-MF -MT -MQ', means: { role: 'dependencies' } },
  { value: 'glued', names: '-Wp,', means: { role: 'preprocessor-words' } },
  { value: 'glued', names: '-Wa,', means: { role: 'assembler-words' } },

  // --- read by the preprocessor alone
  { value: 'either', names: '-D -U', means: { stage: 'macro' } },
  { value: 'none', names: '-undef', means: { stage: 'macro' } },
  { value: 'either', names: '-I -isystem -iquote -idirafter', means: { stage: 'preprocess' } },
  { value: 'either', names: '-iprefix -iwithprefix -iwithprefixbefore -F', means: { stage: 'preprocess' } },
  { value: 'next', names: '--sysroot', means: { stage: 'preprocess' } },
  { value: 'glued', names: '--sysroot= -finput-charset=', means: { stage: 'preprocess' } },
  { value: 'none', names: '-nostdinc -nostdinc++ -remap -fworking-directory', means: { stage: 'preprocess' } },
  { value: 'none', names: '-fno-working-directory', means: { stage: 'preprocess' } },
  { value: 'either', names: '-include', means: { stage: 'preprocess', trait: 'forced-include' } },
  { value: 'either', names: '-imacros', means: { stage: 'preprocess', trait: 'forced-macros' } },
  { value: 'none', names: '-traditional-cpp', means: { stage: 'preprocess', trait: 'resolves-macros' } },
  { value: 'none', names: '-I-', means: { local: 'unknown-option' } },
  { value: 'none', names: '-P -C -CC', means: { local: 'preprocess-only' } },
  { value: 'none', names: '-H', means: { stage: 'both', needsTree: 'preprocess-only' } },
  { value: 'next', names: '-Xpreprocessor', means: { local: 'unknown-option' } },

  // --- read by both stages
  { value: 'none', names: '-ansi -trigraphs -pipe -pthread -pthreads -w -p -pg', means: { stage: 'both' } },
  { value: 'none', names: '-no-canonical-prefixes -canonical-prefixes', means: { stage: 'both' } },
  { value: 'glued', names: '-std= --std=', means: { stage: 'both' } },
  { value: 'none', names: '-pedantic -pedantic-errors -Wpedantic', means: { stage: 'both', trait: 'pedantic' } },
  { value: 'none', names: '-Wtraditional -Wsystem-headers', means: { stage: 'both', trait: 'pedantic' } },
  { value: 'glued', names: '-fdebug-prefix-map= -ffile-prefix-map= -fmacro-prefix-map=', means: { stage: 'both' } },
  { value: 'glued', names: '-fcoverage-prefix-map= -fprofile-prefix-map= -frandom-seed=', means: { stage: 'both' } },
  { value: 'glued', names: '-fdebug-compilation-dir=', means: { stage: 'both' } },
  { value: 'glued', names: '-finstrument-functions-exclude-file-list=', means: { stage: 'compile' } },
  { value: 'next', names: '--param', means: { stage: 'both' } },
  { value: 'glued', names: '--param=', means: { stage: 'both' } },
  { value: 'either', names: '-G', means: { stage: 'both' } },

  // --- debug info
  { value: 'none', names: '-g -g0 -g1 -g2 -ggdb -ggdb0 -ggdb1 -ggdb2', means: { stage: 'both' } },
  { value: 'none', names: '-g3 -ggdb3', means: { stage: 'both', trait: 'macro-debug' } },
  {
    value: 'glued',
    names: '-gdwarf -gz -gno- -gstabs -gvms -gxcoff -gbtf -gctf',
    means: { stage: 'both', guess: true },
  },
  { value: 'none', names: '-gcolumn-info -gstrict-dwarf -gpubnames -ggnu-pubnames', means: { stage: 'both' } },
  { value: 'none', names: '-gsplit-dwarf -gsplit-dwarf=split', means: { stage: 'both', writes: '.dwo' } },
  { value: 'none', names: '-gsplit-dwarf=single', means: { stage: 'both' } },
  { value: 'none', names: '-gmodules', means: { local: 'modules' } },

  // --- further outputs
  { value: 'none', names: '-fstack-usage', means: { stage: 'compile', writes: '.su' } },
  { value: 'glued', names: '-save-temps --save-temps -fdump -d -fopt-info', means: { local: 'extra-output' } },
  { value: 'glued', names: '-fcompare-debug -fsave-optimization-record', means: { local: 'extra-output' } },
  { value: 'glued', names: '-ftime-report -ftime-trace -fmem-report', means: { local: 'extra-output' } },
  { value: 'glued', names: '-fdiagnostics-format=', means: { local: 'extra-output' } },
  {
    value: 'none',
    names: '-fdiagnostics-format=text -fdiagnostics-format=json -fdiagnostics-format=json-stderr',
    means: { stage: 'both', needsTree: 'extra-output' },
  },
  {
    value: 'none',
    names: '-fdiagnostics-format=sarif-stderr -fdiagnostics-format=clang -fdiagnostics-format=msvc',
    means: { stage: 'both', needsTree: 'extra-output' },
  },
  { value: 'none', names: '-time', means: { local: 'extra-output' } },

  // --- written into the object, or depending on this machine
  {
    value: 'none',
    names: '-frecord-gcc-switches -fverbose-asm',
    means: { stage: 'both', trait: 'one-call', needsTree: 'recorded-command-line' },
  },
  // `native+crypto`, too.
  { value: 'glued', names: '-march=native -mtune=native -mcpu=native', means: { local: 'host-specific' } },
  { value: 'either', names: '-B -b', means: { local: 'host-specific' } },
  { value: 'either', names: '-isysroot', means: { stage: 'both', needsTree: 'host-specific' } },
  { value: 'glued', names: '-specs= --specs=', means: { local: 'host-specific' } },
  { value: 'next', names: '-specs --specs -wrapper', means: { local: 'host-specific' } },
  {
    value: 'glued',
    names: '-fexec-charset= -fwide-exec-charset=',
    means: { stage: 'both', needsTree: 'host-specific' },
  },

  // --- plugins, profiles, modules, precompiled headers
  { value: 'glued', names: '-fplugin', means: { local: 'plugin' } },
  { value: 'next', names: '-fplugin', means: { local: 'plugin' } },
  {
    value: 'none',
    names: '--coverage -coverage -ftest-coverage',
    means: { stage: 'both', trait: 'one-call', writes: '.gcno', needsTree: 'profile' },
  },
  {
    value: 'none',
    names: '-fprofile-arcs -fprofile-generate -fprofile-values -fprofile-correction -fprofile-abs-path',
    means: { stage: 'both', trait: 'one-call', needsTree: 'profile' },
  },
  {
    value: 'glued',
    names: '-fprofile-generate= -fprofile-dir= -fprofile-filter-files= -fprofile-exclude-files=',
    means: { stage: 'both', trait: 'one-call', needsTree: 'profile' },
  },
  {
    value: 'none',
    names: '-fprofile-use -fauto-profile -fbranch-probabilities -fprofile-instr-use',
    means: { role: 'profile-use' },
  },
  { value: 'glued', names: '-fprofile-use= -fauto-profile=', means: { role: 'profile-use' } },
  // In ways yet to be invented.
  { value: 'glued', names: '-fprofile- -fcoverage-mapping -fbranch-prob', means: { local: 'profile' } },
  { value: 'none', names: '-fprofile-update=atomic -fprofile-update=single', means: { stage: 'compile' } },
  { value: 'glued', names: '-fmodule -fcxx-modules -fimplicit-module -fprebuilt-module', means: { local: 'modules' } },
  { value: 'glued', names: '-fpch', means: { local: 'precompiled-header' } },
  { value: 'none', names: '-Winvalid-pch', means: { stage: 'both', needsTree: 'precompiled-header' } },

  // --- more than a compile here
  { value: 'glued', names: '-flto', means: { stage: 'both', trait: 'one-call' } },
  { value: 'none', names: '-fwhole-program', means: { stage: 'both', trait: 'one-call' } },
  { value: 'glued', names: '-foffload -fopenmp-targets=', means: { local: 'several-architectures' } },
  { value: 'next', names: '-Xassembler', means: { role: 'assembler-words' } },

  // --- read by the linker alone
  { value: 'either', names: '-l -L -T', means: { stage: 'link' } },
  { value: 'next', names: '-Xlinker -u -z -e --entry', means: { stage: 'link' } },
  { value: 'glued', names: '-Wl, -fuse-ld= -static-lib -shared-lib', means: { stage: 'link' } },
  { value: 'none', names: '-s -t -static -rdynamic -symbolic', means: { stage: 'link' } },
  { value: 'none', names: '-nostdlib -nostartfiles -nodefaultlibs -nolibc -nostdlib++', means: { stage: 'link' } },
  { value: 'none', names: '-shared -pie -no-pie -nopie -static-pie -r', means: { stage: 'link', trait: 'one-call' } },

  // --- options yet to be invented, as long as they name no file
  { value: 'glued', names: '-f -W -O -m', means: { stage: 'both', guess: true } },
]
