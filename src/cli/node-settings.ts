import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import { machineCpu } from '../node/machine-cpu.ts'
import { resolveSettings } from '../node/settings.ts'
import { SettingsError } from '../node/settings-error.ts'
import { SETTINGS, type Setting, type Settings } from '../node/settings-table.ts'
import type { Call, Context, Flag } from './command.ts'

/** The flags of `hg node start`, made from the table of settings. */
export const SETTING_FLAGS: readonly Flag[] = Object.values(SETTINGS).map((setting: Setting<unknown>) => ({
  name: setting.flag,
  shape: setting.shape,
  usage: setting.usage,
  help: setting.help,
  ...(setting.hidden ? { hidden: setting.hidden } : {}),
}))

/** The settings of the node with this state folder: flags, environment, its config.toml, and its mesh key if it has one. */
export async function nodeSettings(
  flags: Call['flags'],
  { home, env, cwd }: Pick<Context, 'home' | 'env' | 'cwd'>,
): Promise<Settings> {
  const path = join(home, 'config.toml')
  const settings = resolveSettings({
    flags,
    env,
    file: await readConfig(path),
    machine: { hostname: hostname(), cores: machineCpu(systemClock).cores },
    cwd,
  })
  const ownKey = meshKeyFile(home)
  return settings.meshKey === undefined && existsSync(ownKey) ? { ...settings, meshKey: ownKey } : settings
}

/** Where `hg mesh key new` puts the key, and where a node looks for it unless told otherwise. */
export function meshKeyFile(home: string): string {
  return join(home, 'mesh.key')
}

async function readConfig(path: string): Promise<{ readonly path: string; readonly text: string } | undefined> {
  try {
    return { path, text: await readFile(path, 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new SettingsError(
      { code: 'SETTINGS_FILE_BAD', source: path },
      `${path} cannot be read: ${code}`,
      'make it readable for you, or remove it',
    )
  }
}
