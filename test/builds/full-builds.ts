import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A project that is built in one folder again and again, plainly and over a mesh, from its first `./configure` on. */
export interface FullBuild {
  /** Debian's name for the source package, and what its upstream version must begin with. */
  readonly source: readonly [name: string, version: string]
  /** The commands of the build, in their order; over the mesh `hgbuild` stands in front of each. */
  readonly steps: readonly (readonly string[])[]
  /** Whatever must be the same in both builds and would not be: run once on the source. */
  readonly prepare?: (tree: string) => Promise<void>
  /** Shows that what was built works: a command from the source folder that must end well. */
  readonly prove: readonly string[]
}

/** The large builds that must be the same over a mesh. Each has debug information of its own. */
export const FULL_BUILDS: Readonly<Record<string, FullBuild>> = {
  curl: {
    source: ['curl', '7.88.1'],
    // In `CC`, because curl's configure strikes -g out of CFLAGS; with warnings, because it gives none by itself.
    steps: [
      ['./configure', '--with-openssl', 'CC=gcc -g -Wall -Wextra -Wconversion'],
      ['make', '-j4'],
    ],
    prove: ['src/curl', '--version'],
  },
  'curl-clang': {
    source: ['curl', '7.88.1'],
    steps: [
      // Not with gcc: what it writes for -gsplit-dwarf holds a digest of addresses, another one each time.
      ['./configure', '--with-openssl', 'CC=clang -g3 -gsplit-dwarf -Wall -Wextra -Wconversion'],
      ['make', '-j4', '-O'], // clang writes warnings in pieces: those of compiles that run at once would mix within a line.
    ],
    prove: ['src/curl', '--version'],
  },
  'curl-coverage': {
    source: ['curl', '7.88.1'],
    steps: [
      ['./configure', '--with-openssl', 'CC=gcc -g --coverage -frandom-seed=1'],
      ['make', '-j4'],
    ],
    prove: ['src/curl', '--version'],
  },
  cpython: {
    source: ['python3.11', '3.11'],
    steps: [
      ['./configure', 'CFLAGS=-g -Wconversion'],
      ['make', '-j4'],
    ],
    prove: ['./python', '-c', 'import json, zlib, ctypes'],
  },
  'yaml-cpp': {
    source: ['yaml-cpp', '0.7'],
    steps: [
      ['cmake', '-S', '.', '-B', 'build', '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug', '-DYAML_CPP_BUILD_TESTS=OFF'],
      ['ninja', '-C', 'build', '-j4'],
    ],
    prove: ['sh', '-c', 'echo hosts: [h1, h2] | build/util/parse'],
  },
  redis: {
    source: ['redis', '7.0.15'],
    steps: [['make', '-j4']],
    // Made by the build otherwise, with the time of the build in it.
    prepare: (tree) => {
      const release = ['REDIS_GIT_SHA1 "00000000"', 'REDIS_GIT_DIRTY "0"', 'REDIS_BUILD_ID "hybridgrid-test"']
      return writeFile(join(tree, 'src/release.h'), release.map((line) => `#define ${line}\n`).join(''))
    },
    prove: ['src/redis-server', '--version'],
  },
}
