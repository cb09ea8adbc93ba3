/** File names that configure scripts give their tests: autoconf, CMake, meson, distutils. */
const TEST_NAME =
  /^(conftest\d*|tmp\.conftest.*|CMake(C|CXX)Compiler(Id|ABI)|testC(XX)?Compiler|sanitycheck[a-z]+|_configtest|feature_tests)\.\w+$/

/** What config.guess asks which compiler there is with, in a folder of its own for temporary files. */
const GUESS_NAME = /(^|\/)cg([A-Za-z0-9]{6}|\d+-\d+|-\d+)\/dummy\.c$/

/** autoconf's name, in the folder of the build: the next run of the script compiles it by the same name in the same place. */
const RECURRING_NAME = /^conftest\.\w+$/

/** Folders in which they are compiled. */
const TEST_FOLDER = /\/(CMakeFiles\/(CMakeTmp|CMakeScratch|ShowIncludes)|CMakeTmp|meson-private|config\.tests)(\/|$)/

/**
 * Whether a call is a configure script asking what the compiler can do. Such programs are tiny, run one after the
 * other and depend on this machine: they never go to a peer.
 */
export function isConfigureTest(source: string, cwd: string): boolean {
  if (source === '/dev/null') return true // What it holds cannot be what matters.
  if (TEST_NAME.test(source.slice(source.lastIndexOf('/') + 1)) || GUESS_NAME.test(source)) return true
  return TEST_FOLDER.test(source) || TEST_FOLDER.test(cwd)
}

/** Whether the next run of the script asks the very same; others invent a name or a folder for each test. */
export function recurs(source: string): boolean {
  return RECURRING_NAME.test(source)
}
