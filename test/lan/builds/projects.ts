import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeResult } from '../lab/command.ts'
import { eventually } from '../lab/eventually.ts'
import type { Host } from '../lab/host.ts'

/** A real project that tests build, first plainly and then over the mesh. */
export interface Project {
  /** Debian's name for the source package. */
  readonly name: string
  /** What its upstream version must begin with: other versions build other files. */
  readonly version: string
  /** The whole build, from the source folder. */
  readonly command: readonly string[]
  /** Whatever must be the same in both builds and would not be: run once, before the tree is copied. */
  readonly prepare?: (tree: string) => Promise<void>
  /** Shows that what was built works. */
  readonly prove: (host: Host, tree: string) => Promise<void>
}

const PORT = '7777'

/** A large C project with several libraries and a `./configure` among its dependencies: 207 objects. */
export const redis: Project = {
  name: 'redis',
  version: '7.0.15',
  command: ['make', '-j4'],
  // Made by the build otherwise, with the time of the build in it; left alone where it is up to date.
  prepare: (tree) => {
    const release = ['REDIS_GIT_SHA1 "00000000"', 'REDIS_GIT_DIRTY "0"', 'REDIS_BUILD_ID "hybridgrid-test"']
    return writeFile(join(tree, 'src/release.h'), release.map((line) => `#define ${line}\n`).join(''))
  },
  prove: async (host, tree) => {
    const server = host.spawn([join(tree, 'src/redis-server'), '--port', PORT, '--save', ''], { cwd: host.folder })
    const client = (...args: string[]) => host.run([join(tree, 'src/redis-cli'), '-p', PORT, ...args])
    try {
      await eventually('redis-server answers', 10_000, async () => (await client('PING')).stdout === 'PONG\n')
      assert.equal((await client('SET', 'greeting', 'hello mesh')).stdout, 'OK\n')
      assert.equal((await client('GET', 'greeting')).stdout, 'hello mesh\n')
    } finally {
      server.kill('SIGKILL')
      await server.ended
    }
  },
}

/** A small C project built by make, 34 objects. */
export function lua(compiler: string): Project {
  return {
    name: 'lua5.4',
    version: '5.4',
    command: ['make', '-C', 'src', '-j4', 'linux', `CC=${compiler} -std=gnu99`, 'MYCFLAGS=-g'],
    prove: (host, tree) => mustPrint(host, [join(tree, 'src/lua'), '-e', 'print(6 * 7)'], '42\n'),
  }
}

/** A C++ project built by cmake and ninja, 34 objects. */
export const yamlCpp: Project = {
  name: 'yaml-cpp',
  version: '0.7',
  command: [
    'sh',
    '-c',
    'cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Debug -DYAML_CPP_BUILD_TESTS=OFF && ninja -C build -j4',
  ],
  prove: async (host, tree) => {
    const input = join(host.folder, 'input.yaml')
    await writeFile(input, 'hosts: [h1, h2]\n')
    await mustPrint(host, [join(tree, 'build/util/parse'), input], 'hosts: [h1, h2]\n')
    await rm(input)
  },
}

/** A C project with a `./configure` that tries what the compiler can; it takes any output on stderr for a failure. */
const zlib: Project = {
  name: 'zlib',
  version: '1.2.13',
  command: ['sh', '-c', './configure && make -j4'],
  prove: (host, tree) => mustPrint(host, ['sh', '-c', `echo text | ${tree}/minigzip | gunzip`], 'text\n'),
}

/** Set while working on the harness or the program: a small project stands in for redis. */
const QUICK = process.env['HG_LAN_QUICK'] !== undefined

export const PROJECTS = {
  main: QUICK ? lua('gcc') : redis,
  clang: lua('clang'),
  cmake: yamlCpp,
  configure: zlib,
} as const

async function mustPrint(host: Host, argv: readonly string[], expected: string): Promise<void> {
  const result = await host.run(argv)
  assert.equal(result.stdout, expected, describeResult(result))
}
