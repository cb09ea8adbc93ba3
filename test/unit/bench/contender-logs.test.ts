import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ccacheHits, sccacheHits } from '../../../bench/contenders/cache-log.ts'
import { distccComplaints, distccHomeJobs, distccJobs } from '../../../bench/contenders/distcc-log.ts'
import { hybridgridCounts } from '../../../bench/contenders/hybridgrid-log.ts'
import {
  icecreamAskedJobs,
  icecreamComplaints,
  icecreamEndedJobs,
  icecreamJobs,
} from '../../../bench/contenders/icecc-log.ts'

describe('what contenders say they did', () => {
  test('distccd sums up each job in a line, and only those that went well are compiles', () => {
    const log = [
      'distccd[9] (dcc_log_daemon_started) preforking daemon started (3.4 x86_64-pc-linux-gnu)',
      'distccd[12] (dcc_job_summary) client: 10.77.0.1:40480 COMPILE_OK exit:0 sig:0 core:0 ret:0 time:34ms gcc a.c',
      'distccd[12] (dcc_job_summary) client: 10.77.0.1:40484 COMPILE_ERROR exit:1 sig:0 core:0 ret:0 time:9ms gcc b.c',
      'distccd[12] (dcc_job_summary) client: 10.77.0.1:40490 COMPILE_OK exit:0 sig:0 core:0 ret:0 time:49ms gcc c.c',
    ].join('\n')
    assert.equal(distccJobs(log), 2)
  })

  test('distcc says in its verbose log what it compiled at home, links apart', () => {
    const log = [
      'distcc[30401] compile from a.c to a.o',
      'distcc[30401] exec on localhost: x86_64-linux-gnu-gcc -c a.c -o a.o',
      'distcc[30401] compile a.c on localhost completed ok',
      'distcc[30402] compile b.c on 10.77.0.2:3632/2 completed ok',
      'distcc[30407] compile (null) on localhost completed ok',
      '',
    ].join('\n')
    assert.equal(distccHomeJobs(log), 1)
  })

  test('distcc complains when it compiles at home or preprocesses there instead of pumping', () => {
    const said = [
      'distcc[7] (dcc_build_somewhere) Warning: failed to distribute, running locally instead',
      "a.c:1:5: warning: unused variable 'distribute'",
      'distcc[8] (dcc_talk_to_include_server) Warning: include server gave up analyzing',
    ].join('\n')
    assert.equal(distccComplaints(said).length, 2)
    assert.deepEqual(distccComplaints('a.c: In function main\n'), [])
  })

  test('iceccd tells of each compile for others as it ends', () => {
    const log = [
      '[41] 2026-01-02 10:34:02: Remote compilation completed with exit code 0',
      '[42] 2026-01-02 10:34:03: Remote compilation completed with exit code 1',
      '[43] 2026-01-02 10:34:05: Remote compilation completed with exit code 0',
    ].join('\n')
    assert.equal(icecreamJobs(log), 2)
    assert.equal(icecreamEndedJobs(log), 3)
  })

  test("icecream's scheduler tells of each compile that it is to place", () => {
    const log = [
      '[11001] 2026-01-02 12:53:50: scheduler ready',
      '[11001] 2026-01-02 12:54:02: NEW 3 client=h1 versions=[8b59(x86_64)] shared/w/t1.c C 0',
      '[11001] 2026-01-02 12:54:02: NEW 4 client=h1 versions=[8b59(x86_64)] shared/w/t5.c C 0',
    ].join('\n')
    assert.equal(icecreamAskedJobs(log), 2)
  })

  test('icecc complains when it compiles at home', () => {
    assert.equal(
      icecreamComplaints('ICECC[7] 2026-01-02 10:00:00: local build forced by remote exception: x\n').length,
      1,
    )
    assert.deepEqual(icecreamComplaints("local.c:3: warning: 'Error 12' is no name\n"), [])
  })

  test('ccache counts hits of both modes', () => {
    assert.equal(
      ccacheHits('cache_miss\t4\ndirect_cache_hit\t20\ndirect_cache_miss\t7\npreprocessed_cache_hit\t3\n'),
      23,
    )
    assert.equal(ccacheHits(''), 0)
  })

  test('sccache counts hits of all languages', () => {
    assert.equal(
      sccacheHits('Compile requests      9\nCache hits            5\nCache hits (C/C++)    5\nCache misses  4\n'),
      5,
    )
  })

  test("a node's own counters tell remote compiles, hits, and those that should not have stayed", () => {
    const byReason = { 'peers-lost': 2, 'configure-test': 1, 'peers-busy': 3 }
    const stats = {
      calls: 13,
      compiles: 12,
      remote: 5,
      cached: 4,
      byMiss: { 'first-time': 9 },
      byCache: { local: 4 },
      byPeer: { h2: 5 },
      byReason,
    }
    assert.deepEqual(hybridgridCounts(JSON.stringify(stats)), { remote: 5, hits: 4, strays: 2, alongside: 3 })
    assert.throws(() => hybridgridCounts('{"remote":"five"}'), /another shape/)
  })
})
