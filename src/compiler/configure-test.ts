/** File names that configure scripts give their tests: autoconf, CMake, meson, distutils. */
const TEST_NAME =
  /^(conftest\d*|tmp\.conftest.*|CMake(C|CXX)Compiler(Id|ABI)|testC(XX)?Compiler|sanitycheck[a-z]+|_configtest|feature_tests)\.\w+$/

/** Folders in which they are compiled. */
const TEST_FOLDER = /\/(CMakeFiles\/(CMakeTmp|CMakeScratch|ShowIncludes)|CMakeTmp|meson-private|config\.tests)(\/|$)/

/**
 * Whether a call is a configure script asking what the compiler can do. Such programs are tiny, run one after the
 * other and depend on this machine: they never go to a peer.
 */
export function isConfigureTest(source: string, cwd: string): boolean {
  if (source === '/dev/null') return true // What it holds cannot be what matters.
  return TEST_NAME.test(source.slice(source.lastIndexOf('/') + 1)) || TEST_FOLDER.test(source) || TEST_FOLDER.test(cwd)
}
