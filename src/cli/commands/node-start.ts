import type { Command } from '../command.ts'
import { closeInherited } from '../descriptors.ts'
import { startDetached } from '../detach.ts'
import { EXIT } from '../exit-codes.ts'
import { nodeBanner } from '../node-banner.ts'
import { nodeSettings, SETTING_FLAGS } from '../node-settings.ts'
import { refuseSecond, runNode } from '../start-node.ts'

export const nodeStart: Command = {
  words: ['node', 'start'],
  summary: 'join the mesh, offer this machine’s cores',
  notes:
    'Every option can also stand in config.toml in the state folder (`slots = 4`, `mdns = false`) or in the environment\n' +
    '(HG_SLOTS=4, HG_MDNS=off). A flag goes before the environment, and that before the file.\n' +
    'HG_HOME names the state folder, so several nodes can share a machine.',
  flags: [
    { name: 'detach', shape: 'switch', usage: '--detach', help: 'run in the background; returns once the node serves' },
    { name: 'background', shape: 'switch', usage: '--background', help: 'be what --detach started', hidden: true },
    ...SETTING_FLAGS,
  ],
  run: async ({ flags, words }, context) => {
    const settings = await nodeSettings(flags, context)
    if (flags.background === true) {
      closeInherited()
      process.chdir(context.home) // The folder it was started in may go.
    }
    if (flags.detach !== true) return runNode(settings, context)
    await refuseSecond(context)
    const passedOn = words.filter((word) => word !== '--detach')
    context.terminal.err(nodeBanner(await startDetached(context, { ...context, flags: passedOn }), settings))
    return EXIT.ok
  },
}
