import { posix, win32 } from 'node:path'

/** What decides where a node keeps its state. */
export interface StateFolderInputs {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home folder, for when the environment does not name it. */
  readonly homeFolder: string
  /** A relative `HG_HOME` is meant from here. */
  readonly cwd: string
}

/**
 * The folder of identity, cache, socket, logs and settings: `HG_HOME`, or the platform's usual place. Always absolute.
 * Mirrored in launcher.c, so it must stay as plain as this.
 */
export function stateFolder({ platform, env, homeFolder, cwd }: StateFolderInputs): string {
  const path = platform === 'win32' ? win32 : posix
  if (env.HG_HOME) return path.isAbsolute(env.HG_HOME) ? env.HG_HOME : path.join(cwd, env.HG_HOME)
  const user = (platform === 'win32' ? env.USERPROFILE : env.HOME) || homeFolder
  if (platform === 'win32') return path.join(env.LOCALAPPDATA || path.join(user, 'AppData', 'Local'), 'hybridgrid')
  if (platform === 'darwin') return path.join(user, 'Library', 'Application Support', 'hybridgrid')
  // The XDG base directory specification: a relative value is to be ignored.
  const xdg = env.XDG_STATE_HOME
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(user, '.local', 'state'), 'hybridgrid')
}
