import assert from 'node:assert/strict'
import { actionKey } from '../../src/cache/action-key.ts'
import { treeArguments } from '../../src/compiler/tree-arguments.ts'
import { decodeCompileRequest, encodeCompileRequest } from '../../src/protocols/compile-codec.ts'
import { encodeFromLauncher, LauncherFrames } from '../../src/protocols/launcher-codec.ts'
import { LAUNCHER_PROTOCOL_VERSION } from '../../src/protocols/launcher-messages.ts'
import { TreeSpeaker } from '../../src/protocols/tree-dictionary.ts'
import { callMicros } from '../timing/loop.ts'
import type { SingleSource } from '../workloads/single-source.ts'
import { COMPILER, closureOf, type PartTimes } from './micro-parts.ts'

/** As many variables as a shell of a desktop has. */
const ENVIRONMENT = Array.from({ length: 40 }, (_, at) => `VARIABLE_${at}=${'value '.repeat(6)}`)

/** The key of a compile, and the frames that carry it: from the launcher to its agent, and from there to a worker. */
export async function messageTimes(source: SingleSource, calls: number): Promise<PartTimes> {
  const { invocation, context, newBuilder } = closureOf(source)
  const built = await newBuilder().build(invocation, context)
  if (built.kind === 'unfit') throw new Error(`${source.name} has no tree: ${built.why}`)
  const { name, cwd } = source
  const { tree, usesTimestamp } = built
  const { args, outputs } = treeArguments(invocation)
  const request = { toolchain: context.toolchain.id, args, cwd, env: ['LANG=C.UTF-8'], outputs }
  const action = { ...request, compiler: COMPILER, date: undefined, usesTimestamp }
  const hello = encodeFromLauncher({
    type: 'hello',
    version: LAUNCHER_PROTOCOL_VERSION,
    stderrIsTerminal: false,
    announcesPlace: false,
    umask: 0o22,
    fileView: 'mnt:[4026531841] 65024:2',
    cwd,
    tool: 'gcc',
    compiler: COMPILER,
    args: source.args,
    env: ENVIRONMENT,
  })
  const speaker = new TreeSpeaker()
  const frameOf = () =>
    encodeCompileRequest({
      ...request,
      input: { kind: 'tree', compiler: COMPILER, ...speaker.name(tree) },
    })
  const spelt = frameOf()
  const numbered = frameOf()
  const speltAnew = () => {
    const input = { kind: 'tree', compiler: COMPILER, ...new TreeSpeaker().name(tree) } as const
    return encodeCompileRequest({ ...request, input })
  }
  return {
    // A tree of its own, as a source has that was changed.
    [`action key of ${name}, files known`]: await callMicros(calls, () =>
      actionKey({ ...action, tree: { ...tree, files: [...tree.files] } }),
    ),
    [`frame of the launcher's call, ${name}: read`]: await callMicros(calls, () => {
      const heard = [...new LauncherFrames().push(hello)]
      assert.equal(heard.length, 1)
    }),
    [`frame of a compile request, ${name}, files spelt out (${spelt.length} bytes): written`]: await callMicros(
      calls,
      speltAnew,
    ),
    [`frame of a compile request, ${name}, files spelt out: read`]: await callMicros(calls, () =>
      decodeCompileRequest(spelt),
    ),
    [`frame of a compile request, ${name}, files by number (${numbered.length} bytes): written`]: await callMicros(
      calls,
      frameOf,
    ),
    [`frame of a compile request, ${name}, files by number: read`]: await callMicros(calls, () =>
      decodeCompileRequest(numbered),
    ),
  }
}
