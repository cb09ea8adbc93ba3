import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { supportDocument } from '../test/integration/oracle/support-document.ts'

// Writes docs/compiler-support.md from the tables of the oracle. A test tells when that is due.

writeFileSync(join(import.meta.dirname, '../docs/compiler-support.md'), supportDocument())
