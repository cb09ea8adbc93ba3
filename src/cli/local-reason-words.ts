import type { LocalReason } from '../compiler/local-reason.ts'

/** Why calls stayed here, in a word or two each, behind their number: `4 configure tests`. */
const WORDS: { readonly [Reason in LocalReason]: string } = {
  'not-a-compile': 'links and the like',
  'preprocess-only': 'only preprocessed',
  'no-source': 'without a source',
  'several-sources': 'several sources at once',
  'stdin-source': 'source from stdin',
  'assembler-source': 'assembly',
  'unknown-language': 'other languages',
  'output-not-a-file': 'output not a file',
  'system-folder': 'in system folders',
  'unknown-option': 'unknown options',
  plugin: 'with plugins',
  'host-specific': 'tied to this machine',
  'extra-output': 'further outputs',
  'extra-input': 'further inputs',
  'recorded-command-line': 'recorded command lines',
  profile: 'with profiles',
  modules: 'with modules',
  'precompiled-header': 'precompiled headers',
  'assembler-input': 'assembler includes',
  'response-file': 'bad response file',
  environment: 'by the environment',
  'not-utf8': 'names not UTF-8',
  'several-architectures': 'several architectures',
  'configure-test': 'configure tests',
  'remote-off': 'remote off',
  'other-files': 'in other containers',
  'unknown-compiler': 'unknown compiler',
  'other-programs': 'other programs in PATH',
  'no-peers': 'no other node',
  'no-toolchain': 'no peer has the compiler',
  'peers-busy': 'peers busy',
  'tells-time': 'telling the time',
  'text-unfit': 'not fit for text',
  'preprocess-failed': 'preprocessor said no',
  'inputs-changed': 'changed meanwhile',
  'input-too-large': 'too large',
  'remote-failed': 'failed remotely',
  'remote-printed': 'with warnings',
  'peers-lost': 'peers lost',
  'write-failed': 'outputs not written',
  internal: 'faults, see `hg node logs`',
}

/** In words; a reason of a later version as its code. */
export function reasonWords(reason: string): string {
  const words: Readonly<Record<string, string>> = WORDS
  return Object.hasOwn(words, reason) ? (words[reason] ?? reason) : reason.replaceAll('-', ' ')
}
