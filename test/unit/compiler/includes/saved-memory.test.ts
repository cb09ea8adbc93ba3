import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sha256 } from '../../../../src/base/digest.ts'
import { SAVED_FILES_MAX, SAVED_MEMORY_MAX_BYTES } from '../../../../src/base/limits.ts'
import { type DirectiveScan, SCAN_RULES_VERSION } from '../../../../src/compiler/includes/directive-scan.ts'
import {
  decodeMemory,
  encodeMemory,
  type SavedAnswer,
  type SavedFile,
} from '../../../../src/compiler/includes/saved-memory.ts'
import { scanToRow } from '../../../../src/compiler/includes/saved-scan.ts'
import { scanDirectives } from '../../../../src/compiler/includes/scan-directives.ts'

const VERSION = '1.2.3'
const MARK = { dev: 2049, ino: 2 ** 53 - 1, size: 12, mtimeMs: 1_700_000_000_123.4568, ctimeMs: -1.5, link: undefined }

/** Every kind of finding; the second is beyond us, and tells the time. */
const TEXTS = [
  '#include "a.h"\n#include <b/é.h>\n#include_next <c.h>\n#embed "d"\n#embed <e>\n#if __has_include(<f>)\n#endif\n',
  '#include NAME\n#include_next OTHER(x)\n#embed BYTES limit(3)\n__DATE__ __TIME__ __TIMESTAMP__\n#pragma GCC dependency "x"\n',
  'asm(".incbin \\"blob\\"");\nimport std;\n',
  '',
  'PASTE(__TI, ME__)\n#define HAS(x) __has_include(x)\n',
]

function fileOf(path: string, scan: DirectiveScan | undefined, link?: string): SavedFile {
  return { path, mark: { ...MARK, link }, digest: sha256(path), bytes: 12, scan }
}

const FILES: readonly SavedFile[] = [
  ...TEXTS.map((text, index) => fileOf(`/s/${index}.h`, scanDirectives(Buffer.from(text)))),
  fileOf('/s/linked "\ud800\n', undefined, '../away'),
]
const ANSWERS: readonly SavedAnswer[] = [
  {
    key: 'gcc c',
    defaults: { quote: ['/q'], system: [{ path: '/usr/include', framework: false }], absent: ['/usr/local/include'] },
    folders: [{ path: '/usr', mark: MARK }],
  },
]

function bytesOf(files: Iterable<SavedFile> = FILES, answers: Iterable<SavedAnswer> = ANSWERS): Buffer {
  return Buffer.from(encodeMemory({ files, answers }, VERSION))
}

/** A file with any content, and the digest that belongs to it. */
function sealed(body: unknown): Buffer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return Buffer.from(`hybridgrid files ${sha256(text)}\n${text}`)
}

/** What `bytesOf` wrote, as JSON. */
function bodyOf(bytes: Buffer): unknown[] {
  return JSON.parse(bytes.subarray(bytes.indexOf('\n') + 1).toString())
}

describe('what a node leaves to the next', () => {
  test('is read back as it was, to the last digit', () => {
    const found = decodeMemory(bytesOf(), VERSION)
    assert.deepEqual([...(found?.files.values() ?? [])], FILES)
    assert.deepEqual([...(found?.answers.values() ?? [])], ANSWERS)
  })

  test('is nothing when a bit of it is another', () => {
    const bytes = bytesOf()
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      assert.equal(decodeMemory(changed, VERSION), undefined, `byte ${at}`)
    }
  })

  test('is nothing when it was cut, or goes on', () => {
    const bytes = bytesOf()
    for (let length = 0; length < bytes.length; length += 1) {
      assert.equal(decodeMemory(bytes.subarray(0, length), VERSION), undefined, `${length} bytes`)
    }
    assert.equal(decodeMemory(Buffer.concat([bytes, Buffer.from(' ')]), VERSION), undefined)
  })

  test('is nothing to another release, or one with other rules', () => {
    assert.equal(decodeMemory(bytesOf(), '1.2.4'), undefined)
    const body = bodyOf(bytesOf())
    assert.notEqual(decodeMemory(sealed(body), VERSION), undefined)
    assert.equal(decodeMemory(sealed([`1 ${SCAN_RULES_VERSION + 1} ${VERSION}`, ...body.slice(1)]), VERSION), undefined)
  })

  test('is nothing when any value in it is what it cannot be, whatever its digest', () => {
    const body = bodyOf(bytesOf())
    const wrong = [null, -1.5, 'x\0', '', [], {}, [[]], true, 1e300]
    let places = 0
    const visit = (at: unknown[], inside: (changed: unknown) => unknown) => {
      for (const [index, value] of at.entries()) {
        const put = (changed: unknown) => inside(at.with(index, changed))
        if (Array.isArray(value)) visit(value, put)
        places += 1
        const taken = wrong.filter((other) => {
          const found = decodeMemory(sealed(put(other)), VERSION)
          // What is taken must be a value of its own that says just that.
          return found !== undefined && JSON.stringify(bodyOf(encoded(found))) !== JSON.stringify(put(other))
        })
        assert.deepEqual(taken, [], `in the place of ${JSON.stringify(value)}`)
      }
    }
    visit(body, (changed) => changed)
    assert.ok(places > 100)
    for (const text of ['', '{}', '[', '[['.repeat(100_000), 'null', '"x"', '[1,[],[]]']) {
      assert.equal(decodeMemory(sealed(text), VERSION), undefined, text.slice(0, 20))
    }
  })

  test('names each file and each question once, by paths from the root', () => {
    for (const files of [[...FILES, ...FILES], [fileOf('s/x.h', undefined)], [fileOf('/s/\0', undefined)]]) {
      assert.equal(decodeMemory(bytesOf(files), VERSION), undefined)
    }
    assert.equal(decodeMemory(bytesOf(FILES, [...ANSWERS, ...ANSWERS]), VERSION), undefined)
  })

  test('is bounded: what comes last is left out, and what is larger is not read', () => {
    const many = Array.from({ length: SAVED_FILES_MAX + 10 }, (_, index) => fileOf(`/${index}`, undefined))
    const kept = decodeMemory(bytesOf(many), VERSION)
    assert.equal(kept?.files.size, SAVED_FILES_MAX)
    assert.ok(kept?.files.has('/0'))
    const huge = Array.from({ length: 30 }, (_, index) => fileOf(`/${index}/${'x'.repeat(1024 * 1024)}`, undefined))
    const bytes = bytesOf(huge)
    assert.ok(bytes.length <= SAVED_MEMORY_MAX_BYTES)
    assert.ok((decodeMemory(bytes, VERSION)?.files.size ?? 0) > 10)
    assert.equal(decodeMemory(sealed([...bodyOf(bytesOf()), 'x'.repeat(SAVED_MEMORY_MAX_BYTES)]), VERSION), undefined)
    const row = bodyOf(bytesOf([fileOf('/x', undefined)]))[2]
    assert.ok(Array.isArray(row))
    const over = Array.from({ length: SAVED_FILES_MAX + 1 }, (_, index) => [`/${index}`, ...row[0].slice(1)])
    assert.equal(decodeMemory(sealed([bodyOf(bytesOf())[0], [], over]), VERSION), undefined)
  })
})

/** Fails when scans come out differently while their version has stayed the same: nodes would go on with old ones. */
test('the version of the scanner goes with what it finds', () => {
  const found = TEXTS.map((text) => scanToRow(scanDirectives(Buffer.from(text))))
  assert.deepEqual([SCAN_RULES_VERSION, sha256(JSON.stringify(found)).slice(0, 16)], [3, '8c036c463ec53ecf'])
})

function encoded(found: { files: ReadonlyMap<string, SavedFile>; answers: ReadonlyMap<string, SavedAnswer> }): Buffer {
  return bytesOf(found.files.values(), found.answers.values())
}
