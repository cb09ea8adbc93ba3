import { type Command, JSON_FLAG } from '../command.ts'
import { CHECKS, type Finding } from '../doctor-checks.ts'
import { EXIT } from '../exit-codes.ts'
import { nodeSettings } from '../node-settings.ts'

export const doctor: Command = {
  words: ['doctor'],
  summary: 'check what a node needs on this machine, and say what to do',
  flags: [JSON_FLAG],
  run: async ({ flags }, context) => {
    const settings = await nodeSettings({}, context)
    const findings: Finding[] = []
    for (const check of CHECKS) findings.push({ check: check.name, ...(await check.run({ ...context, settings })) })
    context.terminal.out(
      flags.json === true ? `${JSON.stringify({ findings })}\n` : findings.map(shownFinding).join(''),
    )
    return findings.some(({ verdict }) => verdict === 'bad') ? EXIT.failed : EXIT.ok
  },
}

/** `ok   compiler  gcc 12.2.0`, and below it what to do when it is not. */
export function shownFinding({ check, verdict, found, todo }: Finding): string {
  const advice = todo === undefined ? '' : `     hint: ${todo}\n`
  return `${verdict.padEnd(4)} ${check}: ${found}\n${advice}`
}
