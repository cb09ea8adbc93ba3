import { hasDotParts } from '../base/dot-parts.ts'
import { isTooLongToShip } from './environment.ts'

/**
 * Variables that make a compiler write other files, use other programs or take other options. Those that only add
 * include folders (CPATH and its kin) are not here: they travel, or were heeded when the text was made.
 */
const REFUSED_VARIABLES = [
  'DEPENDENCIES_OUTPUT',
  'GCC_EXTRA_DIAGNOSTIC_OUTPUT',
  'TERM_URLS',
  'FORCE_CLANG_DIAGNOSTICS_CRASH',
  'SUNPRO_DEPENDENCIES',
  'GCC_EXEC_PREFIX',
  'COMPILER_PATH',
  'GCC_COMPARE_DEBUG',
  'CCC_OVERRIDE_OPTIONS',
  'CCC_ADD_ARGS',
  'QA_OVERRIDE_GCC3_OPTIONS',
  'CLANG_CONFIG_FILE_SYSTEM_DIR',
  'CLANG_CONFIG_FILE_USER_DIR',
  'CLANG_NO_DEFAULT_CONFIG',
  'CC_LOG_DIAGNOSTICS',
  'CC_PRINT_OPTIONS',
  'CC_PRINT_HEADERS',
  'CC_PRINT_INTERNAL_STAT',
  'CC_PRINT_PROC_STAT',
  'RC_DEBUG_OPTIONS',
  'SDKROOT',
  'DEVELOPER_DIR',
  'MACOSX_DEPLOYMENT_TARGET',
  'IPHONEOS_DEPLOYMENT_TARGET',
  'TVOS_DEPLOYMENT_TARGET',
  'WATCHOS_DEPLOYMENT_TARGET',
  'XROS_DEPLOYMENT_TARGET',
  'DRIVERKIT_DEPLOYMENT_TARGET',
]

/** Whether the environment keeps every compile at home. */
export function isRefusedEnvironment(env: ReadonlyMap<string, string>): boolean {
  // Compilers write into debug info what PWD calls their folder, dots and all, if that is where they are.
  return REFUSED_VARIABLES.some((name) => env.has(name)) || hasDotParts(env.get('PWD') ?? '') || isTooLongToShip(env)
}
