import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseHgbuild } from '../../../src/cli/hgbuild-options.ts'

suite('the words of hgbuild', () => {
  test('options end at the first word that is none; the rest is the command’s own', () => {
    assert.deepEqual(parseHgbuild(['--no-remote', '--quiet', 'make', '--quiet', '-j4'], '/w'), {
      kind: 'run',
      variables: { HG_REMOTE: 'off', HG_QUIET: '1' },
      command: ['make', '--quiet', '-j4'],
    })
  })

  test('two dashes end them too', () => {
    assert.deepEqual(parseHgbuild(['-v', '--', '--odd-name', '-x'], '/w'), {
      kind: 'run',
      variables: { HG_VERBOSE: '1' },
      command: ['--odd-name', '-x'],
    })
  })

  test('a value stands behind an equals sign or in the next word', () => {
    for (const words of [['--trace=t.json'], ['--trace', 't.json']]) {
      assert.deepEqual(parseHgbuild([...words, 'make'], '/w'), {
        kind: 'run',
        variables: { HG_TRACE: '/w/t.json' },
        command: ['make'],
      })
    }
  })

  test('help and version are asked for only in front of the command', () => {
    assert.deepEqual(parseHgbuild(['--quiet', '--help'], '/w'), { kind: 'help' })
    assert.deepEqual(parseHgbuild(['--version', 'make'], '/w'), { kind: 'version' })
    assert.equal(parseHgbuild(['gcc', '--version'], '/w').kind, 'run')
  })

  const refused: readonly [readonly string[], RegExp][] = [
    [['--no-romote', 'make'], /^hgbuild has no option --no-romote\n {2}hint: did you mean --no-remote\?$/],
    [['-j4', 'make'], /^hgbuild has no option -j4\n/],
    [['--quiet=yes', 'make'], /^--quiet takes no value\n/],
    [['--trace'], /^--trace has no value\n {2}hint: write --trace=FILE$/],
    [['--target=vax', 'cc'], /^--target cannot be 'vax'\n {2}hint: write --target=amd64\|arm64$/],
  ]
  for (const [argv, expected] of refused) {
    test(`\`hgbuild ${argv.join(' ')}\` is refused with a hint`, () => {
      assert.throws(() => parseHgbuild(argv, '/w'), { message: expected })
    })
  }
})
