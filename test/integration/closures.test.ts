import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { ClosureCheck } from '../closure/check-closure.ts'
import { FOLDERS, generateProject, HEADERS, writeProject } from '../closure/generated-project.ts'
import type { RecordedCall } from '../closure/record-compiles.ts'
import { SimRandom } from '../sim/random.ts'
import { mutated } from '../unit/compiler/includes/mutations.ts'
import { seeds } from '../unit/compiler/seeds.ts'

/** Projects drawn per seed and compiler. */
const PROJECTS_PER_SEED = 6
/** Sources that chance has spoilt, per seed and compiler, by so few edits that a preprocessor still takes many. */
const MUTANTS_PER_SEED = 20
const SPOILT_EDITS_MAX = 2
/** Headers of the C library that are looked at, each in a source of its own. */
const HEADERS_MAX = 60
/** Files that are put where a tree does not look, per project. */
const INTRUDERS = 6

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'hg-closures-')))
const check = new ClosureCheck()
after(() => rmSync(scratch, { recursive: true, force: true }))

/** Compilers of C and of C++ that this machine has. */
const C = ['gcc', 'clang'].filter(isThere)
const CXX = ['g++', 'clang++'].filter(isThere)

describe('a closure holds all that a compiler reads:', () => {
  for (const tool of C) {
    test(`the C library, by ${tool}`, async () => {
      const headers = globSync(['/usr/include/*.h', '/usr/include/{sys,net,arpa}/*.h', '/usr/include/linux/[a-d]*.h'])
      const path = join(scratch, 'library.c')
      for (const header of headers.slice(0, HEADERS_MAX)) {
        writeFileSync(path, `#include "${header}"\n`)
        await assertClosed({ tool, args: ['-c', path, '-D_GNU_SOURCE'], cwd: scratch }, header)
      }
    })
  }

  for (const tool of CXX) {
    test(`the C++ library, by ${tool}`, async () => {
      const [all] = globSync('/usr/include/c++/*/cassert')
      const headers = globSync(join(dirname(all ?? '/'), '[a-z]*')).map((path) => basename(path))
      const names = headers.filter((name) => /^[a-z_]+$/.test(name) && existsSync(join(dirname(all ?? '/'), name)))
      const path = join(scratch, 'library.cc')
      for (const standard of ['-std=c++11', '-std=c++20']) {
        writeFileSync(path, `#include <bits/stdc++.h>\n#if __has_include(<${names[0]}>)\n#endif\n`)
        await assertClosed({ tool, args: ['-c', path, standard, '-fopenmp'], cwd: scratch }, standard)
      }
    })
  }

  for (const seed of seeds('1-3')) {
    for (const [language, tools] of [
      ['c', C],
      ['c++', CXX],
    ] as const) {
      for (const tool of tools) {
        test(`and nothing else matters to it: projects drawn from chance, by ${tool} (seed ${seed})`, async () => {
          const random = new SimRandom(seed).fork(tool)
          let accepted = 0
          for (let index = 0; index < PROJECTS_PER_SEED; index += 1) {
            const cwd = join(scratch, `${seed}-${tool}-${index}`)
            mkdirSync(cwd)
            const project = generateProject(random, language)
            await writeProject(project, cwd)
            const call = { tool, args: project.args, cwd }
            if (await assertClosed(call, `seed ${seed}, project ${index}`)) {
              accepted += 1
              await assertIndifferent(call, random, `seed ${seed}, project ${index}`)
            }
          }
          assert.ok(accepted > 0, 'a compiler took some of them')
        })
      }
    }
  }
})

/** Whether the compiler took the source at all. */
async function assertClosed(call: RecordedCall, hint: string): Promise<boolean> {
  const verdict = await check.check(call)
  if (verdict.kind === 'refused') return false
  assert.ok(verdict.kind === 'fit', `${hint}: ${JSON.stringify(verdict)}`)
  assert.deepEqual(
    { ...verdict, files: 0, listed: 0 },
    { kind: 'fit', files: 0, listed: 0, lacking: [], wronglyAbsent: [] },
    hint,
  )
  return true
}

describe('a closure of what was mutated holds all that a compiler reads, if it takes it at all:', () => {
  for (const seed of seeds('1-3')) {
    for (const tool of C) {
      test(`by ${tool} (seed ${seed})`, async () => {
        const random = new SimRandom(seed).fork(`mutants of ${tool}`)
        const headers = globSync('/usr/include/{std,sys/s,err}*.h')
        let accepted = 0
        for (let mutants = 0; mutants < MUTANTS_PER_SEED; mutants += 1) {
          const cwd = join(scratch, `mutant-${seed}-${tool}-${mutants}`)
          mkdirSync(cwd)
          const project = generateProject(random, 'c')
          await writeProject(project, cwd)
          const source = project.files.get('src/main.c') ?? ''
          const header = random.pick(headers)
          const original = random.float() < 0.5 ? Buffer.from(source) : readFileSync(header)
          writeFileSync(join(cwd, 'src/main.c'), mutated(original, random, SPOILT_EDITS_MAX))
          const verdict = await check.check({ tool, args: project.args, cwd })
          if (verdict.kind !== 'fit') continue
          accepted += 1
          assert.deepEqual([verdict.lacking, verdict.wronglyAbsent], [[], []], `seed ${seed}, mutant ${mutants}`)
        }
        assert.ok(accepted > 0, 'a compiler took some of them')
      })
    }
  }
})

/** A file that appears where the tree neither has one nor says that there is none changes nothing for the compiler. */
async function assertIndifferent(call: RecordedCall, random: SimRandom, hint: string): Promise<void> {
  const { built } = await check.build(call)
  assert.ok(built?.kind === 'tree')
  const before = listed(call)
  const named = new Set([...built.tree.absent, ...built.tree.files.map(({ path }) => path)])
  for (let intruders = 0; intruders < INTRUDERS; intruders += 1) {
    const path = join(call.cwd, random.pick(FOLDERS), random.pick(HEADERS))
    if (named.has(path) || existsSync(path)) continue
    writeFileSync(path, 'int intruder;\n')
    assert.equal(listed(call), before, `${hint}: ${path} matters`)
    rmSync(path)
  }
}

function listed({ tool, args, cwd }: RecordedCall): string {
  const { stdout } = spawnSync(tool, [...args, '-w', '-M'], { cwd, encoding: 'utf8' })
  return stdout
}

function isThere(tool: string): boolean {
  return spawnSync(tool, ['--version']).status === 0
}
