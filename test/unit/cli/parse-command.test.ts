import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { COMMANDS } from '../../../src/cli/commands.ts'
import { commandHelp, groupHelp } from '../../../src/cli/help.ts'
import { findCommand, parseFlags } from '../../../src/cli/parse-command.ts'

function parse(...argv: readonly string[]) {
  const found = findCommand(COMMANDS, argv)
  assert('command' in found)
  return { name: found.command.words.join(' '), flags: parseFlags(found.command, found.rest) }
}

suite('the words of hg', () => {
  test('name a command, then its flags', () => {
    assert.equal(parse('peers', '--json').name, 'peers')
    assert.deepEqual(parse('peers', '--json').flags.json, true)
    assert.equal(parse('mesh', 'key', 'new').name, 'mesh key new')
  })

  test('flags keep their names, values and repetitions', () => {
    const { flags } = parse('node', 'start', '--http-port', '0', '--no-mdns', '--peer', 'a:1', '--peer=b:2', '--detach')
    assert.equal(flags['http-port'], '0')
    assert.equal(flags.mdns, false)
    assert.deepEqual(flags.peer, ['a:1', 'b:2'])
    assert.equal(flags.detach, true)
    assert.equal(flags.slots, undefined)
    assert.equal(flags['coordinator-role'], undefined)
  })

  test('a value stays the text it was', () => {
    assert.equal(parse('node', 'start', '--name', '007').flags.name, '007')
    assert.equal(parse('node', 'start', '--name', '').flags.name, '')
  })

  test('a group alone asks for its help', () => {
    assert.deepEqual(findCommand(COMMANDS, []), { group: [] })
    assert.deepEqual(findCommand(COMMANDS, ['node', '--help']), { group: ['node'] })
    assert.match(groupHelp(COMMANDS, ['node']), /hg node start/)
    assert.doesNotMatch(groupHelp(COMMANDS, ['node']), /hg peers/)
  })

  const refused: readonly [readonly string[], RegExp][] = [
    [['pears'], /^`hg pears` is not a command\n {2}hint: did you mean `hg peers`\?$/],
    [['node', 'strat'], /^`hg node strat` is not a command\n {2}hint: did you mean `hg node start`\?$/],
    [['fly'], /^`hg fly` is not a command\n {2}hint: see `hg --help`$/],
    [['node', 'fly'], /hint: see `hg node --help`$/],
    [['peers', '--jsn'], /^`hg peers` has no option --jsn\n {2}hint: did you mean --json\?$/],
    [['peers', '-x'], /^`hg peers` has no option -x\n {2}hint: see `hg peers --help`$/],
    [['peers', 'pi'], /^'pi' is one word too many for `hg peers`/],
    [['node', 'start', '--slots', '1', '--slots', '2'], /^--slots is given twice/],
  ]
  for (const [argv, expected] of refused) {
    test(`\`hg ${argv.join(' ')}\` is refused with a hint`, () => {
      assert.throws(() => parse(...argv), { message: expected, reason: { code: 'COMMAND_FAILED', exit: 2 } })
    })
  }

  test('every command has help that names its flags, and none that is hidden', () => {
    for (const command of COMMANDS) {
      const help = commandHelp(command)
      for (const { usage, hidden } of command.flags) assert.equal(help.includes(usage), hidden !== true, usage)
    }
  })
})
