import { newMeshKey, readMeshKey } from '../../node/mesh-key.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { meshKeyFile, nodeSettings } from '../node-settings.ts'

export const meshKeyNew: Command = {
  words: ['mesh', 'key', 'new'],
  summary: 'make a key that closes the mesh to all who lack it',
  notes: 'Copy the file to the same place on every node, then start each again. Whoever has it is a member.',
  flags: [],
  run: async (_call, context) => {
    const file = (await nodeSettings({}, context)).meshKey ?? meshKeyFile(context.home)
    await newMeshKey(context, file)
    context.terminal.out(`${file}\n`)
    context.terminal.err(
      'copy this file to every node of the mesh, then start each again (`hg node stop`, `hg node start`)\n',
    )
    return EXIT.ok
  },
}

export const meshKeyShow: Command = {
  words: ['mesh', 'key', 'show'],
  summary: 'print the key of the mesh; it is a secret',
  flags: [],
  run: async (_call, context) => {
    const file = (await nodeSettings({}, context)).meshKey ?? meshKeyFile(context.home)
    const key = await readMeshKey(file)
    context.terminal.out(`${Buffer.from(key).toString('hex')}\n`)
    return EXIT.ok
  },
}
