import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { scanDefinitions } from '../../../../src/compiler/includes/scan-definitions.ts'
import { scanDirectives, scanText } from '../../../../src/compiler/includes/scan-directives.ts'
import { ScanFindings } from '../../../../src/compiler/includes/scan-findings.ts'
import { readingsOf } from '../../../../src/compiler/includes/source-text.ts'
import { TextScanner } from '../../../../src/compiler/includes/text-scanner.ts'
import { SimRandom } from '../../../sim/random.ts'
import { seeds } from '../seeds.ts'
import { treeBench } from '../trees/tree-bench.ts'
import { generated, mutated } from './mutations.ts'

const MUTANTS_PER_SEED = 60
/** Characters looked at one by one may be so many times the text's length; most texts stay below 1. */
const WORK_FACTOR = 64
/** Whatever the text, a scan may look at this much. */
const WORK_FREE = 100_000

const SEEDLINGS = globSync(['/usr/include/*.h', '/usr/include/linux/*.h', '/usr/include/c++/*/bits/*.h']).slice(0, 400)
const OWN_SEEDLING = Buffer.from('#include "a.h"\n#define NAME <b.h>\n#if __has_include(NAME)\n#include NAME\n#endif\n')

for (const seed of seeds('1-8')) {
  test(`mutants of headers are scanned with bounded work, twice alike (seed ${seed})`, () => {
    const random = new SimRandom(seed)
    for (let mutants = 0; mutants < MUTANTS_PER_SEED; mutants += 1) {
      const seedling =
        SEEDLINGS.length > 0 && random.float() < 0.8 ? readFileSync(random.pick(SEEDLINGS)) : OWN_SEEDLING
      const bytes = random.float() < 0.8 ? mutated(seedling, random) : generated(random)
      const hint = `seed ${seed}, mutant ${mutants}`
      assert.deepEqual(scanDirectives(bytes), scanDirectives(bytes), hint)
      assert.deepEqual(scanDefinitions(bytes), scanDefinitions(bytes), hint)
      assertBounded(bytes, hint)
    }
  })

  test(`trees of mutants are built, or not, with bounded looks at the disk, twice alike (seed ${seed})`, async () => {
    const random = new SimRandom(seed)
    const files: Record<string, Uint8Array> = {}
    for (const name of ['a.c', 'a.h', 'b.h', 'NAME', 'stdio.h']) files[`/ws/${name}`] = mutated(OWN_SEEDLING, random)
    const build = async () => {
      const bench = treeBench({})
      for (const [path, bytes] of Object.entries(files)) bench.files.write(path, bytes)
      bench.files.settle()
      const built = await bench.build('-c', 'a.c', '-I.', '-DNAME="b.h"')
      const { stat, read, list } = bench.files.calls
      assert.ok(stat + read + list < 60_000, `seed ${seed}: ${stat} stats, ${read} reads, ${list} lists`)
      return built.kind === 'tree' ? built.tree : built
    }
    assert.deepEqual(await build(), await build(), `seed ${seed}`)
  })
}

const HOSTILE: Readonly<Record<string, string>> = {
  'comments that open and never close': '/*',
  'directives inside of comments inside of directives': '/*\n#/**/',
  'definitions in the same': '/*\n#define/**/X/**/',
  'includes without end': '#include <',
  'includes without end, a line each': '\n#include <',
  'quotes without end': '\n#include "',
  'probes without end': '__has_include(<',
  'probes of blanks': '__has_include            ',
  'one long word of probes': '__has_include',
  hashes: '#',
  'hashes and blanks': '\n#              ',
  pastes: '_##',
  times: '__TIME',
  assembly: '.incbin ',
  'assembly with names': '.incbin "',
  modules: '\rimport a(',
  'more modules': '\nmodule a.',
  backslashes: '\\',
  'joined lines': '\\\n',
  trigraphs: '??/\n',
  'backslashes and blanks': '\\     ',
  pragmas: '\n#pragma GCC GCC dependency',
  NUL: '\0',
}

test('no text that is hostile by design costs more than its length', () => {
  for (const [name, part] of Object.entries(HOSTILE)) {
    const bytes = Buffer.from(part.repeat(Math.ceil(300_000 / part.length)))
    assertBounded(bytes, name)
    assertBounded(Buffer.concat([bytes, Buffer.from('*/>"\n')]), name)
    scanDefinitions(bytes)
  }
})

function assertBounded(bytes: Uint8Array, hint: string): void {
  for (const text of readingsOf(bytes)) {
    const scanner = new TextScanner(text, new ScanFindings())
    scanText(scanner)
    assert.ok(scanner.work <= WORK_FACTOR * text.length + WORK_FREE, `${hint}: ${scanner.work} for ${text.length}`)
  }
}
