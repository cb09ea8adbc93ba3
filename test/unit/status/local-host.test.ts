import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLocalHost, isLocalOrigin } from '../../../src/status/local-host.ts'

test('localhost and addresses are what people ask for', () => {
  for (const host of [
    'localhost',
    'LocalHost:8080',
    'a.localhost',
    '127.0.0.1:8080',
    '192.168.1.5',
    '[::1]:8080',
    '[fe80::1]',
  ]) {
    assert(isLocalHost(host), host)
  }
})

test('any other name is a page that had it point here', () => {
  const names = [
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '',
    '127.0.0.1:x',
    '[::1',
    'a@localhost:1:2',
  ]
  for (const host of [...names, undefined]) assert(!isLocalHost(host), String(host))
})

test('a request comes from no page, or from one of this machine', () => {
  for (const origin of [undefined, 'http://localhost:8080', 'http://127.0.0.1:3000'])
    assert(isLocalOrigin(origin), origin)
  for (const origin of ['null', 'https://evil.example', 'http://localhost@evil.example', 'file://', '']) {
    assert(!isLocalOrigin(origin), origin)
  }
})
