import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs that the tests use, and the Debian packages that bring them. */
const PACKAGES = {
  gcc: 'gcc',
  'g++': 'g++',
  make: 'make',
  clang: 'clang',
  cmake: 'cmake',
  ninja: 'ninja-build',
  strip: 'binutils',
  bwrap: 'bubblewrap',
  ip: 'iproute2',
  strace: 'strace',
  'dpkg-source': 'dpkg-dev',
  curl: 'curl',
} as const

/** Installs what is missing where that can be done; says on stderr what the tests will do without. Returns false when apt failed. */
export function installTestPackages(): boolean {
  const missing = Object.entries(PACKAGES).filter(([program]) => !installed(program))
  if (missing.length === 0) return true
  const packages = missing.map(([, name]) => name)
  if (process.getuid?.() !== 0 || !installed('apt-get')) {
    const programs = missing.map(([program]) => program).join(', ')
    console.error(`without ${programs}: some tests are skipped\n  hint: on Debian, apt install ${packages.join(' ')}`)
    return true
  }
  return apt('update') && apt('install', '-y', '--no-install-recommends', ...packages)
}

function apt(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0
}

function installed(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => existsSync(join(folder, program)))
}
