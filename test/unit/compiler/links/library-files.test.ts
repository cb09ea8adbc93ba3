import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readLinkerScript } from '../../../../src/compiler/links/linker-script.ts'
import { readSharedObject } from '../../../../src/compiler/links/shared-object.ts'
import { SimRandom } from '../../../sim/random.ts'
import { sharedObject } from './elf.ts'

describe('a shared object', () => {
  for (const wide of [true, false]) {
    for (const little of [true, false]) {
      test(`tells its name and what it needs: ${wide ? 64 : 32} bits, ${little ? 'little' : 'big'} endian`, () => {
        const bytes = sharedObject({ soname: 'libm.so.6', needed: ['libc.so.6', 'ld.so.2'] }, { wide, little })
        assert.deepEqual(readSharedObject(bytes), { soname: 'libm.so.6', needed: ['libc.so.6', 'ld.so.2'] })
      })
    }
  }

  test('may have no name, and need nothing', () => {
    assert.deepEqual(readSharedObject(sharedObject({ needed: [] })), { soname: undefined, needed: [] })
  })

  test('is none when it is something else, or cut short', () => {
    const bytes = sharedObject({ soname: 'a', needed: ['b'] })
    assert.equal(readSharedObject(new Uint8Array()), undefined)
    assert.equal(readSharedObject(Buffer.from('!<arch>\n')), undefined)
    for (let length = 0; length < 1024; length += 1) {
      assert.equal(readSharedObject(bytes.subarray(0, length)), undefined, `${length} bytes`)
    }
  })

  test('is read or refused, whatever its bytes', () => {
    const seed = 7
    const random = new SimRandom(seed)
    for (let round = 0; round < 5_000; round += 1) {
      const bytes = Buffer.from(sharedObject({ soname: 'a', needed: ['b'] }))
      for (let change = 0; change < 4; change += 1) bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255)
      const read = readSharedObject(bytes)
      assert.ok(read === undefined || Array.isArray(read.needed), `seed ${seed}, round ${round}`)
    }
  })
})

describe('a text in a library’s place', () => {
  const read = (text: string) => readLinkerScript(Buffer.from(text))
  const file = (path: string) => ({ kind: 'file', path })
  const library = (name: string) => ({ kind: 'library', name, form: 'any' })

  test('names files, some of which are only taken as needed', () => {
    const text =
      '/* GNU ld script\n*/\nOUTPUT_FORMAT(elf64-x86-64)\nGROUP ( /lib/libc.so.6 /usr/lib/libc_nonshared.a  AS_NEEDED ( /lib64/ld.so.2 ) )\n'
    assert.deepEqual(read(text), [file('/lib/libc.so.6'), file('/usr/lib/libc_nonshared.a'), file('/lib64/ld.so.2')])
  })

  test('names libraries, and files without a folder', () => {
    assert.deepEqual(read('GROUP(libgcc_s.so.1 -lgcc)'), [file('libgcc_s.so.1'), library('gcc')])
    assert.deepEqual(read('INPUT(-ltinfo,libx.so)'), [library('tinfo'), file('libx.so')])
  })

  for (const text of [
    'SECTIONS { .text : { *(.text) } }',
    'SEARCH_DIR(/opt/lib) GROUP(libx.so)',
    'GROUP(libx.so',
    'GROUP libx.so',
    'GROUP(-L/opt -lx)',
    'GROUP("lib x.so")',
    'INCLUDE other.ld',
    'VERSION { V1 { global: *; }; }',
  ]) {
    test(`is given up where it says more: ${text}`, () => assert.equal(read(text), undefined))
  }

  test('is given up when it is long', () => {
    assert.equal(read(`GROUP(${'/lib/libc.so.6 '.repeat(10_000)})`), undefined)
  })
})
