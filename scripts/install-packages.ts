import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs of `packages`, a Debian package each, that are not there. */
export function missingPrograms(packages: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(packages).filter((program) => !installed(program))
}

/** Why packages cannot be installed here; undefined where they can. */
export function installObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root'
  return installed('apt-get') ? undefined : 'no apt-get'
}

/** Installs Debian packages, without starting the services that some of them bring. Returns false when apt failed. */
export function installPackages(packages: readonly string[]): boolean {
  if (packages.length === 0) return true
  // Debian asks this program whether a package may start its service; one that is there already is the owner's word.
  const ours = !existsSync(POLICY)
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return apt('update') && apt('install', '-y', '--no-install-recommends', ...packages)
  } finally {
    if (ours) rmSync(POLICY, { force: true })
  }
}

const POLICY = '/usr/sbin/policy-rc.d'

function apt(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0
}

function installed(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => existsSync(join(folder, program)))
}
