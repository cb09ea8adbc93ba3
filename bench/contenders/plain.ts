import type { Contender } from './contender.ts'

/** The compiler alone: what every other must be worth. */
export const plain: Contender = {
  name: 'plain',
  packages: { gcc: 'gcc', make: 'make' },
  version: ['gcc', '--version'],
  settings: ['gcc and make as they are'],
  quietWhenIdle: true,
  start: async () => ({
    inside: (command) => ({ argv: command, env: {} }),
    cc: ['gcc'],
    counts: async () => ({ remote: 0, hits: 0, strays: 0 }),
    complaints: () => [],
    stop: async () => undefined,
  }),
}
