import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { resolveSettings, type SettingsSources } from '../../../src/node/settings.ts'
import { SettingsError } from '../../../src/node/settings-error.ts'

const MACHINE = { hostname: 'fast-box.lan', cores: 8 }

function settings(said: { flags?: SettingsSources['flags']; env?: SettingsSources['env']; file?: string }) {
  return resolveSettings({
    flags: said.flags ?? {},
    env: said.env ?? {},
    file: said.file === undefined ? undefined : { path: '/state/config.toml', text: said.file },
    machine: MACHINE,
    cwd: '/work-folder',
  })
}

suite('settings', () => {
  test('with nothing said, a node is named after its host and offers every core', () => {
    assert.deepEqual(settings({}), {
      name: 'fast-box',
      slots: 8,
      port: 9000,
      httpPort: 8080,
      httpHost: '127.0.0.1',
      peers: [],
      mdns: true,
      meshKey: undefined,
      cacheSize: 5 * 1024 ** 3,
      cacheHttp: 'loopback',
      coordinatorRole: false,
      logLevel: 'info',
      trees: true,
      idleExitMs: 0,
    })
  })

  test('a flag goes before the environment, that before the file, that before the default', () => {
    const flags = { slots: '1' }
    const env = { HG_SLOTS: '2' }
    const file = 'slots = 3'
    assert.equal(settings({ flags, env, file }).slots, 1)
    assert.equal(settings({ env, file }).slots, 2)
    assert.equal(settings({ file }).slots, 3)
    assert.equal(settings({}).slots, 8)
  })

  test('a variable that is set but empty says nothing', () => {
    assert.equal(settings({ env: { HG_SLOTS: '' }, file: 'slots = 3' }).slots, 3)
  })

  test('every way of writing is understood', () => {
    assert.equal(settings({ env: { HG_MDNS: 'off' } }).mdns, false)
    assert.equal(settings({ flags: { mdns: false } }).mdns, false)
    assert.equal(settings({ file: 'mdns = false' }).mdns, false)
    assert.equal(settings({ flags: { 'coordinator-role': true } }).coordinatorRole, true)
    assert.equal(settings({ env: { HG_CACHE_SIZE: '1.5GiB' } }).cacheSize, 1.5 * 1024 ** 3)
    assert.equal(settings({ file: 'cache-size = 1000' }).cacheSize, 1000)
    assert.deepEqual(settings({ env: { HG_PEERS: '10.0.0.1:9000, pi:9001' } }).peers, ['10.0.0.1:9000', 'pi:9001'])
    assert.deepEqual(settings({ file: 'peers = ["/ip4/10.0.0.1/tcp/9000"]' }).peers, ['/ip4/10.0.0.1/tcp/9000'])
    assert.deepEqual(settings({ flags: { peer: ['[fe80::1]:9000'] } }).peers, ['[fe80::1]:9000'])
  })

  test('no flag of a repeated one leaves the word to the environment', () => {
    assert.deepEqual(settings({ flags: { peer: [] }, env: { HG_PEERS: 'pi:9000' } }).peers, ['pi:9000'])
  })

  test('a relative path is meant from where it was written', () => {
    assert.equal(settings({ flags: { 'mesh-key': 'key' } }).meshKey, '/work-folder/key')
    assert.equal(settings({ file: 'mesh-key = "key"' }).meshKey, '/state/key')
  })

  const bad: readonly [string, Parameters<typeof settings>[0], RegExp, RegExp][] = [
    ['a flag', { flags: { slots: 'many' } }, /^--slots cannot be 'many'$/, /whole number from 0 to 1024/],
    ['a flag without a value', { flags: { port: '' } }, /^--port has no value$/, /65535/],
    ['a variable', { env: { HG_SLOTS: '-1' } }, /^HG_SLOTS cannot be '-1'$/, /whole number/],
    ['a port', { env: { HG_PORT: '65536' } }, /^HG_PORT cannot be '65536'$/, /65535/],
    ['a switch', { env: { HG_MDNS: 'maybe' } }, /^HG_MDNS cannot be 'maybe'$/, /on or off/],
    ['a size', { env: { HG_CACHE_SIZE: '5 parsecs' } }, /^HG_CACHE_SIZE/, /5GiB/],
    ['a peer', { env: { HG_PEERS: 'pi' } }, /^HG_PEERS cannot be 'pi'$/, /192\.168/],
    ['a name', { flags: { name: 'a\u001b[2J' } }, /^--name/, /letters/],
    ['a level', { flags: { 'log-level': 'loud' } }, /^--log-level/, /debug, info, warn/],
    [
      'a line of the file',
      { file: '# mine\nslots = "many"' },
      /^config\.toml line 2: slots cannot be 'many'$/,
      /whole/,
    ],
    ['a table in the file', { file: 'slots = { a = 1 }' }, /^config\.toml line 1: slots cannot be \{"a":1\}$/, /whole/],
  ]
  for (const [what, said, message, hint] of bad) {
    test(`${what} that cannot be used is refused, with its source and what it takes`, () => {
      assert.throws(
        () => settings(said),
        (error) => {
          assert(error instanceof SettingsError)
          assert.equal(error.reason.code, 'SETTING_BAD')
          assert.match(error.message, message)
          assert.match(error.hint, hint)
          return true
        },
      )
    })
  }

  test('an unknown key of the file is refused, with a guess', () => {
    assert.throws(() => settings({ file: 'mdns = true\n\nslot = 4' }), {
      message: 'config.toml line 3: slot is not a setting',
      hint: 'did you mean slots?',
    })
    assert.throws(() => settings({ file: '[node]\nslots = 4' }), {
      message: 'config.toml line 1: node is not a setting',
    })
  })

  test('a file that is not TOML is refused with its line', () => {
    assert.throws(() => settings({ file: 'slots = 4\nmdns = on' }), { message: /^config\.toml line 2: / })
  })

  test('a variable with a slip of one letter is refused; what belongs to others is let be', () => {
    assert.throws(() => settings({ env: { HG_SLOT: '4' } }), { hint: 'did you mean HG_SLOTS?' })
    assert.doesNotThrow(() => settings({ env: { HG_HOME: '/x', HG_BUILD: 'y', HG_REPOSITORY: 'z', HGMERGE: 'vi' } }))
  })

  test('a host name that cannot be a node name is made to fit', () => {
    const named = (hostname: string) =>
      resolveSettings({ flags: {}, env: {}, file: undefined, machine: { hostname, cores: 1 }, cwd: '/' }).name
    assert.equal(named('my box.local'), 'my-box')
    assert.equal(named(''), 'node')
    assert.equal(named('x'.repeat(100)).length, 64)
  })
})
