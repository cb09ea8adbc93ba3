import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  AMBIENT_EXCEPTIONS,
  ambientNames,
  importsLeftwards,
  libp2pOnlyInNode,
  noEscapes,
  type Rule,
  type SourceFile,
  shortFiles,
  timeAndChancePassedIn,
} from './tidy-rules.ts'

const ROOT = join(import.meta.dirname, '../..')
const FILES: readonly SourceFile[] = globSync('src/**/*.ts', { cwd: ROOT }).map((path) => {
  const slashed = path.replaceAll('\\', '/')
  return { path: slashed, text: readFileSync(join(ROOT, path), 'utf8') }
})

const RULES: Readonly<Record<string, Rule>> = {
  'folders import only leftwards': importsLeftwards,
  'libp2p is imported in src/node alone': libp2pOnlyInNode,
  'time and chance are passed in': timeAndChancePassedIn,
  'nothing escapes the types': noEscapes,
  'files are short': shortFiles,
}

describe('the source is tidy', () => {
  for (const [name, rule] of Object.entries(RULES)) {
    test(name, () => assert.deepEqual(FILES.flatMap(rule), []))
  }

  test('there is source to look at', () => assert.ok(FILES.length > 20))

  test('every exception is still needed', () => {
    for (const [path, { names }] of Object.entries(AMBIENT_EXCEPTIONS)) {
      const used = ambientNames(FILES.find((file) => file.path === path)?.text ?? '')
      assert.deepEqual(
        names.filter((name) => !used.includes(name)),
        [],
        path,
      )
    }
  })
})

describe('the rules bite', () => {
  const bites = (rule: Rule, path: string, text: string) => assert.equal(rule({ path, text }).length, 1, text)
  const spares = (rule: Rule, path: string, text: string) => assert.deepEqual(rule({ path, text }), [], text)

  test('on imports to the right', () => {
    bites(importsLeftwards, 'src/base/clock.ts', "import { place } from '../scheduler/placement.ts'")
    bites(importsLeftwards, 'src/scheduler/agent.ts', "import type { Page } from '../status/pages.ts'")
    bites(importsLeftwards, 'src/protocols/mesh.ts', "export { Node } from '../node/node.ts'")
    bites(importsLeftwards, 'src/compiler/deep/down.ts', "const { a } = await import('../../protocols/mesh.ts')")
    bites(importsLeftwards, 'src/launcher/launcher.ts', "import '../compiler/invocation.ts'")
    bites(importsLeftwards, 'src/node/node.ts', "import { launch } from '../launcher/launcher.ts'")
    bites(importsLeftwards, 'src/unknown/file.ts', "import '../base/clock.ts'")
    spares(importsLeftwards, 'src/cli/hg.ts', "import { launch } from '../launcher/launcher.ts'")
    spares(importsLeftwards, 'src/launcher/launcher.ts', "import { LIMIT } from '../base/limits.ts'")
    spares(importsLeftwards, 'src/node/node.ts', "import { a } from './deep/a.ts'\nimport b from 'node:fs'")
    spares(importsLeftwards, 'src/base/log.ts', "// import { a } from '../node/node.ts'")
  })

  test('on libp2p outside its folder', () => {
    bites(libp2pOnlyInNode, 'src/scheduler/agent.ts', "import { createLibp2p } from 'libp2p'")
    bites(libp2pOnlyInNode, 'src/cli/hg.ts', "import type { PeerId } from '@libp2p/interface'")
    bites(libp2pOnlyInNode, 'src/protocols/mesh.ts', "await import('@chainsafe/libp2p-noise')")
    spares(libp2pOnlyInNode, 'src/node/mesh.ts', "import { createLibp2p } from 'libp2p'")
    spares(libp2pOnlyInNode, 'src/cli/hg.ts', "import { createLibp2pMesh } from '../node/libp2p-mesh.ts'")
  })

  test('on ambient time and chance', () => {
    for (const code of [
      'const now = Date.now()',
      'performance.now()',
      'setTimeout(() => {}, 5)',
      'globalThis.setInterval(f, 5)',
      'const id = Math.random()',
      'read(AbortSignal.timeout(100))',
    ]) {
      bites(timeAndChancePassedIn, 'src/scheduler/agent.ts', code)
    }
    bites(timeAndChancePassedIn, 'src/base/random.ts', 'const seed = Date.now()')
    spares(timeAndChancePassedIn, 'src/base/clock.ts', 'const now = Date.now()')
    spares(timeAndChancePassedIn, 'src/scheduler/agent.ts', '// Never Date.now(): a test could not own it.')
    spares(timeAndChancePassedIn, 'src/scheduler/agent.ts', 'new Date(clock.wallTime())')
  })

  test('on escapes from the types, and default exports', () => {
    bites(noEscapes, 'src/base/a.ts', 'const value = thing as any')
    bites(noEscapes, 'src/base/a.ts', 'export default function a() {}')
    bites(noEscapes, 'src/base/a.ts', 'export { a as default }')
    spares(noEscapes, 'src/base/a.ts', '/* as any */ const id = text as PeerId')
  })

  test('on long files', () => {
    bites(shortFiles, 'src/base/a.ts', 'a\n'.repeat(401))
    spares(shortFiles, 'src/base/a.ts', 'a\n'.repeat(400))
  })
})
