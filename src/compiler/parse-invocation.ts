import { resolve } from 'node:path'
import { type CommandWords, readWords } from './command-words.ts'
import { isCxxDriver } from './compiler-names.ts'
import { isConfigureTest, recurs } from './configure-test.ts'
import { dependencyOutput, noDependencyOptions } from './dependency-options.ts'
import { baseName, inFolder, isDevice, isFileName, withSuffix } from './file-name.ts'
import type {
  CompileInvocation,
  CompilerCall,
  DependencyOutput,
  Invocation,
  Language,
  LocalInvocation,
} from './invocation.ts'
import type { FileReader } from './local-files.ts'
import type { LocalReason } from './local-reason.ts'
import { profileInputs } from './profile-inputs.ts'
import { isRefusedEnvironment } from './refused-environment.ts'
import { expandResponseFiles } from './response-file.ts'
import { isGuarded, NOTHING_MORE } from './sandbox/shown-paths.ts'
import { isPreprocessed } from './source-language.ts'

export type { FileReader } from './local-files.ts'

/**
 * What a compiler call is: a compile that others can do, or one for the compiler here, with the reason. Reads the
 * call's `@file`s, and looks at the output once (at a forced include's precompiled twins, too); nothing else.
 */
export function parseInvocation(call: CompilerCall, files: FileReader): Invocation {
  const args = expandResponseFiles(call.args, call.cwd, files)
  if (args === undefined) return local('response-file', 'heavy')
  const words = readWords(call.family, args, isCxxDriver(call.tool))
  return (
    dependencyList(call, files, args, words) ??
    dependencyLists(call, files, args, words) ??
    notACompile(call, words) ??
    configureTest(call, files, args, words) ??
    refusedCall(call, words) ??
    compile(call, files, args, words)
  )
}

function local(reason: LocalReason, weight: 'light' | 'heavy'): LocalInvocation {
  return { kind: 'local', reason, light: weight === 'light' }
}

/** Calls that are something else, however their other options read. */
function notACompile({ cwd }: CompilerCall, words: CommandWords): LocalInvocation | undefined {
  const { asks, mode, sources, readsStdin, linkerInputs, refusal } = words
  if (asks) return local('not-a-compile', 'light')
  if (mode === 'preprocess') return local('preprocess-only', 'light')
  if (readsStdin) return local('stdin-source', 'heavy')
  if (sources.length > 0) return undefined
  // Without a source there is nothing to refuse: configure scripts try `gcc -V` and `gcc -qversion`.
  if (linkerInputs.length === 0) return local(refusal === 'not-a-compile' ? refusal : 'no-source', 'light')
  if (mode === 'link') return local('not-a-compile', 'heavy')
  // libtool tries what the compiler makes of `conftest.rc`.
  if (linkerInputs.some((name) => isConfigureTest(name, cwd))) return local('configure-test', 'light')
  return local('unknown-language', 'heavy')
}

/** `-MM x.c -o x.d`: what make wants to know, asked apart from the compile. */
function dependencyList(
  call: CompilerCall,
  files: FileReader,
  args: readonly string[],
  words: CommandWords,
): LocalInvocation | undefined {
  if (words.output === undefined || !listsDependencies(call, args, words)) return undefined
  const written = { ...words, mode: 'assembly', dependencies: noDependencyOptions() } as const
  const invocation = refusedCall(call, words) ?? readCompile(call, files, args, written)
  if (invocation.kind === 'local') return undefined
  return { ...local('preprocess-only', 'light'), whole: { ...invocation, mode: 'dependencies' } }
}

/** `-MM *.c > x.d`: compilers read one source after the other, and go on behind one that they refuse. */
function dependencyLists(
  call: CompilerCall,
  files: FileReader,
  args: readonly string[],
  words: CommandWords,
): LocalInvocation | undefined {
  const { sources, output, explicitLanguage } = words
  const names = sources.map(({ name }) => name)
  if (names.length < 2 || output !== undefined || !listsDependencies(call, args, words)) return undefined
  if (words.refusal !== undefined || explicitLanguage !== undefined || isRefusedEnvironment(call.env)) return undefined
  // A word that stands twice may be an option's value; and what is not there the driver says before all else.
  const once = names.every((name) => args.indexOf(name) === args.lastIndexOf(name))
  const there = names.every((name) => isFileName(name) && !isDevice(name) && files.exists(inFolder(call.cwd, name)))
  return once && there ? { ...local('preprocess-only', 'light'), severable: names } : undefined
}

/** Whether the call does nothing but list what its sources include. */
function listsDependencies(call: CompilerCall, args: readonly string[], words: CommandWords): boolean {
  const { mode, asks, dependencies, linkerInputs, readsStdin } = words
  const asked = args.filter((word) => PREPROCESSING.has(word))
  if (mode !== 'preprocess' || asked.length !== 1 || !LISTS.has(asked[0] ?? '') || asks) return false
  if (dependencies.headers !== undefined || dependencies.file !== undefined || args !== call.args) return false
  return linkerInputs.length === 0 && !readsStdin
}

const LISTS: ReadonlySet<string> = new Set(['-M', '-MM'])
const PREPROCESSING: ReadonlySet<string> = new Set([...LISTS, '-E', '-MG'])

function configureTest(
  call: CompilerCall,
  files: FileReader,
  args: readonly string[],
  words: CommandWords,
): LocalInvocation | undefined {
  if (!words.sources.some(({ name }) => isConfigureTest(name, call.cwd))) return undefined
  const test = local('configure-test', 'light')
  const whole = words.sources.every(({ name }) => recurs(name)) ? wholeCall(call, files, args, words) : undefined
  return whole === undefined ? test : { ...test, whole }
}

/** A call as one action, its link included; undefined when it does more than that. */
function wholeCall(
  call: CompilerCall,
  files: FileReader,
  args: readonly string[],
  words: CommandWords,
): CompileInvocation | undefined {
  const invocation = refusedCall(call, words) ?? readCompile(call, files, args, words)
  if (invocation.kind === 'local' || args !== call.args) return undefined
  if (invocation.mode !== 'link') return invocation
  const more = words.dependencies.headers !== undefined || invocation.extraOutputs.length > 0
  return more || !files.mayBeReplaced(inFolder(call.cwd, invocation.output)) ? undefined : invocation
}

/** Reasons that lie in the words themselves or around them. */
function refusedCall({ env }: CompilerCall, words: CommandWords): LocalInvocation | undefined {
  const { sources, refusal, mode, linkerInputs } = words
  if (sources.length > 1 || (mode !== 'link' && linkerInputs.length > 0)) return local('several-sources', 'heavy')
  if (refusal !== undefined) return local(refusal, 'heavy')
  if (!sources.every(({ name }) => isFileName(name))) return local('no-source', 'heavy')
  if (sources.some(({ name }) => isDevice(name))) return local('stdin-source', 'heavy')
  return isRefusedEnvironment(env) ? local('environment', 'heavy') : undefined
}

function compile(
  call: CompilerCall,
  files: FileReader,
  args: readonly string[],
  words: CommandWords,
): CompileInvocation | LocalInvocation {
  const invocation = readCompile(call, files, args, words)
  if (invocation.kind === 'local' || invocation.mode !== 'link') return invocation
  const reason = linkObjection(call, args, invocation.source, words)
  return reason === undefined ? invocation : local(reason, 'heavy')
}

function readCompile(
  call: CompilerCall,
  files: FileReader,
  args: readonly string[],
  words: CommandWords,
): CompileInvocation | LocalInvocation {
  const { family, cwd } = call
  const { mode, sources, options, suffixes, namedOutputs } = words
  const source = sources[0]
  if (source === undefined || mode === 'preprocess') return local('no-source', 'heavy')
  const { name, language } = source
  if (language === undefined) return local('unknown-language', 'heavy')

  const told = dependencyOutput(words.dependencies, { family, source: name, output: words.output })
  const output = words.output ?? (mode === 'link' ? 'a.out' : withSuffix(baseName(name), OBJECT_SUFFIX[mode]))
  const extraOutputs = [...suffixes.map((suffix) => withSuffix(output, suffix)), ...namedOutputs]
  if (told === 'unclear') return local('unknown-option', 'heavy')
  // Compilers write no dependency file for what needs no preprocessing.
  const dependency = isPreprocessed(language) || language === 'assembler' ? undefined : told
  const reason = outputObjection(call, files, name, { output, extraOutputs, mode, dependency })
  if (reason !== undefined) return local(reason, 'heavy')
  if (removesCoverage({ ...call, args }, files, output, words)) return local('profile', 'heavy')
  return {
    kind: 'compile',
    family,
    language,
    source: name,
    mode,
    output,
    extraOutputs,
    extraInputs: [
      ...words.namedInputs,
      ...words.precompiled,
      ...profileInputs(words.profilesUsed, { family, source: name, output, cwd }),
    ],
    precompiled: words.precompiled,
    needsTree: words.needsTree ?? precompiledNeed(call, files, words) ?? warningNeed(call, language, told, words),
    dependency,
    options,
    args,
  }
}

const OBJECT_SUFFIX = { object: '.o', assembly: '.s' } as const

/** Outputs are renamed into place, so nothing but a plain file may stand there. */
function outputObjection(
  { cwd }: CompilerCall,
  files: FileReader,
  source: string,
  {
    output,
    extraOutputs,
    mode,
    dependency,
  }: Pick<CompileInvocation, 'output' | 'extraOutputs' | 'mode' | 'dependency'>,
): LocalReason | undefined {
  if (!isFileName(output) || isDevice(output)) return 'output-not-a-file'
  if (extraOutputs.length > 0 && mode !== 'object') return 'extra-output'
  const written = [output, ...(dependency === undefined ? [] : [dependency.path]), ...extraOutputs]
  const named = [source, ...written].map((name) => resolve(cwd, name))
  if (new Set(named).size < named.length) return 'output-not-a-file' // One would be written over another.
  // No peer lets a client's file be where its own are. Devices were looked at, or are the linker's.
  if ([cwd, ...named].some((path) => isGuarded(path, NOTHING_MORE) && !isDevice(path))) return 'system-folder'
  // The program of a link is written by the linker here, as it pleases.
  if (mode === 'link') return undefined
  const replaced = written.filter((name) => !isDevice(name))
  return replaced.every((name) => files.mayBeReplaced(inFolder(cwd, name))) ? undefined : 'output-not-a-file'
}

/** gcc removes the data that an older program left where it cannot tell by a stamp that they are another one's. */
function removesCoverage(
  { family, cwd, args }: CompilerCall,
  files: FileReader,
  output: string,
  words: CommandWords,
): boolean {
  if (family !== 'gcc' || !words.suffixes.includes('.gcno')) return false
  const unstamped = args.some((word) => word.startsWith('-frandom-seed'))
  return unstamped && files.exists(inFolder(cwd, withSuffix(output, '.gcda')))
}

/** `-include x.h` takes `x.h.gch` or `x.h.pch` instead, if it is there: then its dependency file is another. */
function precompiledNeed(
  { cwd }: CompilerCall,
  files: FileReader,
  { forcedIncludes }: CommandWords,
): LocalReason | undefined {
  const taken = forcedIncludes.some((header) => {
    const path = inFolder(cwd, header)
    return files.exists(`${path}.gch`) || files.exists(`${path}.pch`)
  })
  return taken ? 'precompiled-header' : undefined
}

/** clang warns of options that preprocessed sources make pointless, and of C under its C++ name; a text hides both from it. */
function warningNeed(
  { family, tool }: CompilerCall,
  language: Language,
  dependency: DependencyOutput | undefined,
  { options, explicitLanguage, sources }: CommandWords,
): LocalReason | undefined {
  if (family !== 'clang') return undefined
  if (isPreprocessed(language)) {
    const pointless = options.some(({ stage }) => stage === 'preprocess' || stage === 'macro' || stage === 'link')
    return pointless || dependency !== undefined ? 'unknown-option' : undefined
  }
  const named = sources[0]?.name.endsWith('.c') && explicitLanguage === undefined
  return named && isCxxDriver(tool) ? 'unknown-language' : undefined
}

/** A call that compiles and links can be parted only if the compile leaves nothing behind but its object. */
function linkObjection(
  { args: given }: CompilerCall,
  args: readonly string[],
  source: string,
  { options, suffixes, namedOutputs, dependencies, architectures }: CommandWords,
): LocalReason | undefined {
  const whole =
    suffixes.length + namedOutputs.length > 0 ||
    architectures > 0 ||
    dependencies.headers !== undefined ||
    options.some(({ trait }) => trait === 'one-call') ||
    args !== given || // Came from an `@file`: what it holds may be too long for a command line.
    args.includes('--') || // The object takes the source's place, behind an `-x none` of its own.
    args.indexOf(source) !== args.lastIndexOf(source)
  return whole ? 'not-a-compile' : undefined
}
