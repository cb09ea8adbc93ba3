import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An object as `strip -d` leaves it. Anything but an object comes back as it is. */
export function withoutDebugInfo(bytes: Buffer): Buffer {
  if (bytes.subarray(1, 4).toString('latin1') !== 'ELF') return bytes
  const folder = mkdtempSync(join(tmpdir(), 'hg-oracle-strip-'))
  try {
    const path = join(folder, 'object')
    writeFileSync(path, bytes)
    execFileSync('strip', ['-d', path])
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
