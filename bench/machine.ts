import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { runCommand } from '../test/lan/lab/command.ts'
import type { Contender } from './contenders/contender.ts'
import type { ContenderNote } from './results.ts'

/** This machine in a line: what the figures of another would differ by. `inMemory`: where what is built lies. */
export function machineWords(inMemory: boolean): string {
  const memory = Math.round(totalmem() / 1024 ** 3)
  return `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${memory} GiB, ${systemName()}, Linux ${release()}, files ${inMemory ? 'in memory (tmpfs)' : 'on its disk'}`
}

function systemName(): string {
  const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  return name ?? 'an unknown system'
}

/** The last commit that changed anything but documents, which results are; `-dirty` when there are changes since. */
export async function revisionOf(folder: string): Promise<string> {
  const measured = ['--', '.', ':(exclude)docs']
  const git = (...words: string[]) => runCommand(['git', ...words, ...measured], { cwd: folder })
  const last = await git('log', '-1', '--format=%h', '--abbrev=10')
  const changed = await git('status', '--porcelain')
  if (last.exitCode !== 0 || changed.exitCode !== 0) return 'unknown'
  return `${last.stdout.trim()}${changed.stdout === '' ? '' : '-dirty'}`
}

/** What the document says of how a contender is set up. */
export async function noteOf({ name, version, settings }: Contender, path: string): Promise<ContenderNote> {
  const { stdout, stderr } = await runCommand(version, { env: { PATH: path } })
  return { name, version: `${stdout}${stderr}`.split('\n')[0]?.trim() ?? '', settings }
}
