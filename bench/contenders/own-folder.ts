import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mustRun } from '../../test/lan/lab/command.ts'
import type { Host } from '../../test/lan/lab/host.ts'

/** A contender's folder on a host, which its daemon, running as `user`, may write too. */
export async function ownFolder(host: Host, name: string, user?: string): Promise<string> {
  const folder = join(host.folder, name)
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o777)
  if (user !== undefined) await mustRun(['chown', user, folder])
  return folder
}

/** What a daemon has written so far; nothing while it has not begun. */
export async function textOf(log: string): Promise<string> {
  return readFile(log, 'utf8').catch(() => '')
}
