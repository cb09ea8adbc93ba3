import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compilerFamily } from '../../../src/compiler/compiler-names.ts'
import type { CompileInvocation, CompilerFamily, Invocation } from '../../../src/compiler/invocation.ts'
import { parseInvocation } from '../../../src/compiler/parse-invocation.ts'
import { preprocessCommand, textObjection } from '../../../src/compiler/preprocess.ts'
import { checkRemoteArguments, remoteArguments } from '../../../src/compiler/remote-arguments.ts'
import { isPreprocessed } from '../../../src/compiler/source-language.ts'
import { checkedTreeOutputs, treeArguments } from '../../../src/compiler/tree-arguments.ts'
import { type CommandRow, type Expected, filesOf } from './command-table.ts'
import { CALL_ROWS } from './rows-of-calls.ts'
import { DEBUG_ROWS } from './rows-of-debug-info.ts'
import { DEPENDENCY_ROWS } from './rows-of-dependencies.ts'
import { HOST_ROWS } from './rows-of-hosts.ts'
import { OUTPUT_ROWS } from './rows-of-outputs.ts'

const CHAPTERS: Readonly<Record<string, readonly CommandRow[]>> = {
  'what a call is for': CALL_ROWS,
  'dependency files': DEPENDENCY_ROWS,
  'what depends on the machine': HOST_ROWS,
  'debug info': DEBUG_ROWS,
  'further outputs and inputs': OUTPUT_ROWS,
}

const VERSIONS: Readonly<Record<CompilerFamily, string>> = { gcc: 'gcc 12.2.0', clang: 'clang 14.0.6' }

for (const [chapter, rows] of Object.entries(CHAPTERS)) {
  describe(`a command line: ${chapter}`, () => {
    for (const row of rows) {
      test(`${row.name}: ${row.tool} ${row.args.join(' ')}`, () => {
        const invocation = understand(row)
        assert.deepEqual(outcome(invocation), row.expected)
        if (invocation.kind === 'compile') assertShippable(row, invocation)
      })
    }
  })
}

function understand({ tool, args, env, files }: CommandRow): Invocation {
  return parseInvocation({ family: familyOf(tool), tool, args, cwd: '/w', env }, filesOf(files))
}

function familyOf(tool: string): CompilerFamily {
  return compilerFamily(tool) ?? 'gcc' // Here `cc` is gcc.
}

function outcome(invocation: Invocation): Expected {
  if (invocation.kind === 'local') return { kind: 'local', reason: invocation.reason, light: invocation.light }
  const { output, language, mode, extraOutputs, dependency, extraInputs, needsTree } = invocation
  const objection = needsTree === undefined ? textObjection(invocation, VERSIONS[invocation.family]) : undefined
  const written = { output, extraOutputs, dependency: dependency?.path }
  return { kind: 'remote', language, mode, ...written, extraInputs, needsTree, textObjection: objection }
}

/** What holds for whatever is shipped. */
function assertShippable({ tool }: CommandRow, invocation: CompileInvocation): void {
  const { family, needsTree } = invocation
  const { args: words, outputs: written } = treeArguments(invocation)
  assert.deepEqual(
    checkedTreeOutputs({ family, tool, args: words, cwd: '/w' }),
    written,
    `the worker takes ${words.join(' ')}`,
  )
  if (needsTree !== undefined) return
  const { args, inputPath, outputs } = remoteArguments(invocation)
  const checked = checkRemoteArguments(invocation.family, args)
  assert.deepEqual(checked, { ok: true, inputPath, output: outputs[0] }, `the worker takes ${args.join(' ')}`)
  assert.equal(inputPath, invocation.source)
  assert.deepEqual(outputs.slice(1), invocation.extraOutputs)
  assert.equal(outputs[0]?.includes('/') && invocation.mode === 'link', false, 'the object of a link is no program')
  assertNothingOfTheClient(args, invocation)

  const command = preprocessCommand(invocation)
  assert.equal(command === undefined, isPreprocessed(invocation.language))
  if (command === undefined) return
  assert.equal(command[0], '-E')
  assert.equal(command.at(-1), invocation.source)
  assert.ok(!command.includes('-o'), 'the text goes to stdout')
  const { dependency } = invocation
  assert.ok(dependency === undefined || command.join('\0').includes(dependency.args.join('\0')))
}

/** No include path, no dependency option and nothing for the linker leaves the house. */
function assertNothingOfTheClient(args: readonly string[], { options, dependency }: CompileInvocation): void {
  for (const { words, stage } of options) {
    if ((stage !== 'preprocess' && stage !== 'link') || words[0] === '-nostdinc') continue // `-nostdinc` reads nothing.
    assert.ok(!`\0${args.join('\0')}\0`.includes(`\0${words.join('\0')}\0`), `${words.join(' ')} stays here`)
  }
  if (dependency !== undefined) assert.ok(!args.some((arg) => /^-M/.test(arg)))
}
