import { hasDotParts } from '../base/dot-parts.ts'
import { isTooLongToShip } from './environment.ts'
import { baseName } from './file-name.ts'

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

/**
 * Libraries that are loaded into every program, and what they are called: they may hand a compiler other files and another
 * time. Those that do nothing of the kind, and that people have about them all day, are passed over.
 */
const PRELOADS = ['LD_PRELOAD', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES'] as const
const HARMLESS_PRELOAD = /^lib(?:fakeroot|eatmydata|gtk3-nocsd|stdbuf|jemalloc|tcmalloc|mimalloc)[\w.+-]*$/

function preloadsAnything(env: ReadonlyMap<string, string>): boolean {
  const libraries = PRELOADS.flatMap((name) => (env.get(name) ?? '').split(/[\s:]+/)).filter((path) => path !== '')
  return libraries.some((path) => !HARMLESS_PRELOAD.test(baseName(path)))
}

/** Whether the environment keeps every compile at home. */
export function isRefusedEnvironment(env: ReadonlyMap<string, string>): boolean {
  if (REFUSED_VARIABLES.some((name) => env.has(name)) || preloadsAnything(env)) return true
  // Compilers write into debug info what PWD calls their folder, dots and all, if that is where they are.
  return hasDotParts(env.get('PWD') ?? '') || isTooLongToShip(env)
}
