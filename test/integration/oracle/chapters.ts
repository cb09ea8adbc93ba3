import type { OracleRow } from './oracle-table.ts'
import { CALL_ROWS } from './rows-of-calls.ts'
import { DEBUG_ROWS } from './rows-of-debug-info.ts'
import { DEPENDENCY_ROWS } from './rows-of-dependencies.ts'
import { DIAGNOSTIC_ROWS } from './rows-of-diagnostics.ts'
import { HOST_ROWS } from './rows-of-hosts.ts'
import { NAME_ROWS } from './rows-of-names.ts'
import { OUTPUT_ROWS } from './rows-of-outputs.ts'
import { SOURCE_ROWS } from './rows-of-source-content.ts'

/** All command lines of the oracle, by what is hard about them. */
export const CHAPTERS: Readonly<Record<string, readonly OracleRow[]>> = {
  'what a call is for': CALL_ROWS,
  'dependency files': DEPENDENCY_ROWS,
  'what depends on the machine': HOST_ROWS,
  'debug info': DEBUG_ROWS,
  'further outputs and inputs': OUTPUT_ROWS,
  'what stands in sources': SOURCE_ROWS,
  'what compilers say': DIAGNOSTIC_ROWS,
  'odd names': NAME_ROWS,
}
