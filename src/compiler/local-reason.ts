/** Why a call was left to the local compiler. A closed list: people read it in summaries, metrics count it. */
export const LOCAL_REASONS = {
  // The command line
  'not-a-compile': 'links, or asks the compiler about itself',
  'preprocess-only': 'only preprocesses or lists dependencies',
  'no-source': 'names no source file',
  'several-sources': 'names several source files',
  'stdin-source': 'reads its source from stdin',
  'unknown-language': 'the source is in a language that is not shipped',
  'output-not-a-file': 'the output is not a regular file',
  'unknown-option': 'has an option that is not in the tables',
  plugin: 'loads a plugin',
  'host-specific': 'depends on this machine (native tuning, specs, wrappers)',
  'extra-output': 'writes further files that are not brought back',
  profile: 'writes or reads a profile',
  modules: 'builds or uses modules',
  'precompiled-header': 'builds or uses a precompiled header',
  'assembler-input': 'includes files that only the assembler sees',
  'response-file': 'has a response file that cannot be read',
  environment: 'the environment changes what the compiler writes',
  'not-utf8': 'has names that are not UTF-8',
  'several-architectures': 'compiles for several architectures at once',
  'configure-test': 'is a test of a configure script',
  // The mesh
  'remote-off': 'remote compiles are switched off',
  'unknown-compiler': 'the compiler could not be identified',
  'no-peers': 'no other node is in the mesh',
  'no-toolchain': 'no peer has this compiler',
  'peers-busy': 'all peers were busy and a core was free here',
  'preprocess-failed': 'the preprocessor failed or warned; the compiler says it in its own words',
  'input-too-large': 'the preprocessed text is over the limit',
  'remote-failed': 'the compile failed remotely; the local compiler has the last word',
  'remote-printed': 'the remote compiler printed something; the local compiler says it in its own words',
  'peers-lost': 'the peers that were tried were lost or refused',
  'write-failed': 'the outputs could not be written',
  internal: 'a fault in hybridgrid; see `hg node logs`',
} as const

export type LocalReason = keyof typeof LOCAL_REASONS
