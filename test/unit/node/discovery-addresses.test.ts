import assert from 'node:assert/strict'
import type { NetworkInterfaceInfo } from 'node:os'
import { suite, test } from 'node:test'
import { multiaddr } from '@multiformats/multiaddr'
import { ADDRESSES_PER_PEER_MAX } from '../../../src/base/limits.ts'
import {
  AddressError,
  announcedAddresses,
  callableAddresses,
  isNearby,
  parsePeerAddress,
  withoutPeer,
} from '../../../src/node/discovery-addresses.ts'

suite('the address of a peer, as people write it', () => {
  for (const [written, meant] of [
    ['192.168.1.5:9000', '/ip4/192.168.1.5/tcp/9000'],
    ['build-box:9000', '/dns/build-box/tcp/9000'],
    ['build.example.org:65535', '/dns/build.example.org/tcp/65535'],
    ['[fe80::1]:1', '/ip6/fe80::1/tcp/1'],
    ['/ip4/10.0.0.1/tcp/9000', '/ip4/10.0.0.1/tcp/9000'],
    ['/dns4/build-box/tcp/9000', '/dns4/build-box/tcp/9000'],
  ] as const) {
    test(`${written} is ${meant}`, () => assert.equal(parsePeerAddress(written), meant))
  }

  for (const written of [
    '',
    'build-box',
    'build-box:',
    ':9000',
    'build-box:0',
    'build-box:65536',
    'build-box:9000:1',
    'a b:9000',
    'fe80::1:9000',
    '[nonsense]:9000',
    'http://build-box:9000',
    '/ip4/10.0.0.1',
    '/ip4/10.0.0.1/udp/9000',
    '/ip4/300.0.0.1/tcp/9000',
    '/nonsense/tcp/1',
  ]) {
    test(`'${written}' is refused, and it is said how to write one`, () => {
      assert.throws(
        () => parsePeerAddress(written),
        (error: unknown) => error instanceof AddressError && /hint: write HOST:PORT/.test(error.message),
      )
    })
  }
})

suite('strangers may make us call what is nearby', () => {
  for (const host of ['ip4/10.1.2.3', 'ip4/172.31.0.1', 'ip4/192.168.0.1', 'ip4/169.254.1.1', 'ip4/100.64.0.1']) {
    test(`${host} is`, () => assert.equal(isNearby(multiaddr(`/${host}/tcp/1`)), true))
  }
  for (const host of ['ip4/127.0.0.1', 'ip6/::1', 'ip6/fd00::1', 'ip6/fe80::1']) {
    test(`${host} is`, () => assert.equal(isNearby(multiaddr(`/${host}/tcp/1`)), true))
  }
  for (const host of ['ip4/8.8.8.8', 'ip4/172.32.0.1', 'ip4/100.128.0.1', 'ip6/2001:db8::1', 'dns/localhost']) {
    test(`${host} is not`, () => assert.equal(isNearby(multiaddr(`/${host}/tcp/1`)), false))
  }
})

suite('of the addresses that a stranger names', () => {
  const card = { family: 'IPv4', cidr: '192.168.7.20/24' } as NetworkInterfaceInfo
  const callable = (addresses: readonly string[], own: readonly string[] = []) =>
    callableAddresses(addresses, own, [card])

  test('those in our own networks are called first', () => {
    assert.deepEqual(callable(['/ip4/10.0.0.9/tcp/9000', '/ip4/192.168.7.9/tcp/9000']), [
      '/ip4/192.168.7.9/tcp/9000',
      '/ip4/10.0.0.9/tcp/9000',
    ])
  })

  test('our own, far ones, names, other transports and nonsense are not called', () => {
    const named = [
      '/ip4/192.168.7.20/tcp/9000/p2p/12D3KooWMe',
      '/ip4/8.8.8.8/tcp/9000',
      '/dns4/evil.example/tcp/80',
      '/ip4/192.168.7.9/udp/9000/quic-v1',
      '/ip4/192.168.7.9/tcp/9000/ws',
      '/ip4/999.168.7.9/tcp/9000',
      '/ip4/192.168.7.9/tcp/99999',
      '',
      'x'.repeat(10_000),
    ]
    assert.deepEqual(callable(named, ['/ip4/192.168.7.20/tcp/9000/p2p/12D3KooWMe']), [])
  })

  test('each is called once, whoever is said to be there', () => {
    const [address] = ['/ip4/192.168.7.9/tcp/9000']
    assert.deepEqual(callable([address, `${address}/p2p/12D3KooWThem`, address]), [address])
  })

  test('a few are called, and not many are looked at', () => {
    const many = Array.from({ length: 250 }, (_, at) => `/ip4/192.168.7.${at + 1}/tcp/9000`)
    assert.equal(callable(many).length, ADDRESSES_PER_PEER_MAX)
    const late = [...Array.from({ length: 1000 }, () => 'nonsense'), '/ip4/192.168.7.9/tcp/9000']
    assert.deepEqual(callable(late), [])
  })
})

test('others are told where we are from outside; loopback only when there is nothing else', () => {
  const loopback = [multiaddr('/ip4/127.0.0.1/tcp/1'), multiaddr('/ip6/::1/tcp/1')]
  const outward = multiaddr('/ip4/192.168.7.20/tcp/1')
  assert.deepEqual(announcedAddresses([...loopback, outward]), [outward])
  assert.deepEqual(announcedAddresses(loopback), loopback)
})

test('an address without whom to expect there is the address alone', () => {
  assert.equal(withoutPeer('/ip4/10.0.0.1/tcp/1/p2p/12D3KooWThem'), '/ip4/10.0.0.1/tcp/1')
  assert.equal(withoutPeer('/ip4/10.0.0.1/tcp/1'), '/ip4/10.0.0.1/tcp/1')
})
