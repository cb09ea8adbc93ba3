import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stateFolder } from '../../../src/base/state-folder.ts'

const rows: readonly [string, NodeJS.Platform, Record<string, string>, string][] = [
  ['HG_HOME names it', 'linux', { HG_HOME: '/a/b', HOME: '/home/me' }, '/a/b'],
  ['a relative HG_HOME is meant from the working directory', 'linux', { HG_HOME: 'b' }, '/work-folder/b'],
  ['an empty HG_HOME is none', 'linux', { HG_HOME: '', HOME: '/home/me' }, '/home/me/.local/state/hybridgrid'],
  ['Linux keeps state in XDG_STATE_HOME', 'linux', { XDG_STATE_HOME: '/state', HOME: '/home/me' }, '/state/hybridgrid'],
  ['a relative XDG_STATE_HOME is ignored', 'linux', { XDG_STATE_HOME: 's', HOME: '/h' }, '/h/.local/state/hybridgrid'],
  ['without HOME the user database decides', 'linux', {}, '/home/known/.local/state/hybridgrid'],
  ['macOS has a folder for that', 'darwin', { HOME: '/Users/me' }, '/Users/me/Library/Application Support/hybridgrid'],
  ['so has Windows', 'win32', { LOCALAPPDATA: 'C:\\Local' }, 'C:\\Local\\hybridgrid'],
  ['Windows without it', 'win32', { USERPROFILE: 'C:\\Me' }, 'C:\\Me\\AppData\\Local\\hybridgrid'],
]
for (const [what, platform, env, expected] of rows) {
  test(`the state folder: ${what}`, () => {
    assert.equal(stateFolder({ platform, env, homeFolder: '/home/known', cwd: '/work-folder' }), expected)
  })
}
