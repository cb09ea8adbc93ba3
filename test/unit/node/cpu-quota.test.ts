import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuQuota } from '../../../src/node/cpu-quota.ts'

/** A system with these files and no others. */
function system(files: Readonly<Record<string, string>>) {
  return (path: string) => {
    const text = files[path]
    if (text === undefined) throw new Error(`ENOENT: ${path}`)
    return text
  }
}

const VERSION_2 = {
  '/proc/self/mounts': 'proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n',
  '/proc/self/cgroup': '0::/builds/one\n',
}

const VERSION_1 = {
  '/proc/self/mounts': [
    'cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0',
    'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0',
    'cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0',
    '',
  ].join('\n'),
  '/proc/self/cgroup': '4:cpuset:/\n3:cpu,cpuacct:/builds\n1:name=systemd:/x\n0::/x\n',
}

test('version 2: the quota of the own group, and the time that it has used', () => {
  const quota = cpuQuota(
    system({
      ...VERSION_2,
      '/sys/fs/cgroup/builds/one/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/builds/one/cpu.stat': 'usage_usec 2500000\nuser_usec 1\nsystem_usec 2\n',
    }),
  )
  assert.deepEqual([quota?.cores, quota?.usedMs()], [1.5, 2_500])
})

test('version 2: the least of the quotas above counts, with the time of those who share it', () => {
  const quota = cpuQuota(
    system({
      ...VERSION_2,
      '/sys/fs/cgroup/builds/one/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/builds/one/cpu.stat': 'usage_usec 1000\n',
      '/sys/fs/cgroup/builds/cpu.max': '50000 100000\n',
      '/sys/fs/cgroup/builds/cpu.stat': 'usage_usec 7000\n',
      '/sys/fs/cgroup/cpu.stat': 'usage_usec 9000\n',
    }),
  )
  assert.deepEqual([quota?.cores, quota?.usedMs()], [0.5, 7])
})

test('version 1: both controllers are found among the others', () => {
  const quota = cpuQuota(
    system({
      ...VERSION_1,
      '/sys/fs/cgroup/cpu,cpuacct/builds/cpu.cfs_quota_us': '7000\n',
      '/sys/fs/cgroup/cpu,cpuacct/builds/cpu.cfs_period_us': '20000\n',
      '/sys/fs/cgroup/cpu,cpuacct/builds/cpuacct.usage': '4000000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage': '9000000\n',
    }),
  )
  assert.deepEqual([quota?.cores, quota?.usedMs()], [0.35, 4])
})

test('in a container whose own group is outside of what it sees, the root that it sees counts', () => {
  const quota = cpuQuota(
    system({
      ...VERSION_1,
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '200000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage': '9000000\n',
    }),
  )
  assert.equal(quota?.cores, 2)
})

test('an account that cannot be read for a moment stands still', () => {
  const files: Record<string, string> = {
    ...VERSION_2,
    '/sys/fs/cgroup/builds/one/cpu.max': '150000 100000\n',
    '/sys/fs/cgroup/builds/one/cpu.stat': 'usage_usec 2500000\n',
  }
  const quota = cpuQuota(system(files))
  delete files['/sys/fs/cgroup/builds/one/cpu.stat']
  assert.equal(quota?.usedMs(), 2_500)
  files['/sys/fs/cgroup/builds/one/cpu.stat'] = 'usage_usec 3000000\n'
  assert.equal(quota?.usedMs(), 3_000)
})

const NONE: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a system without control groups', {}],
  ['groups that say nothing', VERSION_2],
  ['a group without a bound', { ...VERSION_2, '/sys/fs/cgroup/builds/one/cpu.max': 'max 100000\n' }],
  ['a quota without an account of its use', { ...VERSION_2, '/sys/fs/cgroup/builds/one/cpu.max': '50000 100000\n' }],
  [
    'an account that is no number',
    {
      ...VERSION_2,
      '/sys/fs/cgroup/builds/one/cpu.max': '50000 100000\n',
      '/sys/fs/cgroup/builds/one/cpuacct.usage': 'much\n',
    },
  ],
  [
    'a quota that is no number',
    {
      ...VERSION_2,
      '/sys/fs/cgroup/builds/one/cpu.max': 'half a core\n',
      '/sys/fs/cgroup/builds/one/cpu.stat': 'usage_usec 1\n',
    },
  ],
  [
    'quota and account of different groups',
    {
      '/proc/self/mounts': 'c /cpu cgroup rw,cpu 0 0\nc /acct cgroup rw,cpuacct 0 0\n',
      '/proc/self/cgroup': '2:cpu:/builds\n1:cpuacct:/\n',
      '/cpu/builds/cpu.cfs_quota_us': '7000\n',
      '/cpu/builds/cpu.cfs_period_us': '20000\n',
      '/acct/cpuacct.usage': '4000000\n',
    },
  ],
]

for (const [what, files] of NONE) {
  test(`no quota: ${what}`, () => assert.equal(cpuQuota(system(files)), undefined))
}
