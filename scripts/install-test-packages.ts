import { installObstacle, installPackages, missingPrograms } from './install-packages.ts'
import { installSccacheWithWebdav } from './sccache-with-webdav.ts'

/** Programs that the tests use, and the Debian packages that bring them. */
const PACKAGES: Readonly<Record<string, string>> = {
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
  ccache: 'ccache',
}

/** Installs what is missing where that can be done; says on stderr what the tests will do without. Returns false when apt failed. */
export function installTestPackages(): boolean {
  const installed = installMissing()
  if (!installSccacheWithWebdav()) console.error('without an sccache that can use WebDAV: its test is skipped')
  return installed
}

function installMissing(): boolean {
  const missing = missingPrograms(PACKAGES)
  const packages = missing.flatMap((program) => PACKAGES[program] ?? [])
  if (missing.length === 0 || installObstacle() === undefined) return installPackages(packages)
  console.error(
    `without ${missing.join(', ')}: some tests are skipped\n  hint: on Debian, apt install ${packages.join(' ')}`,
  )
  return true
}
