import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender } from './contender.ts'
import { startDistcc } from './distcc.ts'

/** Read by Python when it starts; see there. */
const REPAIR = join(import.meta.dirname, 'pump-repair')

/** Sends sources and headers, so that the workers preprocess too. */
export const distccPump: Contender = {
  name: 'distcc pump',
  packages: { 'distcc-pump': 'distcc-pump' },
  version: ['distcc', '--version'],
  settings: [
    'as distcc, with `,cpp,lzo` behind each host (pump mode requires `lzo`) and the build wrapped in `distcc-pump`, whose include server starts and ends with it',
    'where distcc has `localhost/1`, it has so too, without `,cpp`, as the manual has it',
    "Debian 12's include server cannot work with its Python 3.11; three of its functions are put right (`bench/contenders/pump-repair`), or there would be nothing to measure",
  ],
  quietWhenIdle: true,
  start: async (field) => {
    const mode = { option: ',cpp,lzo', wrap: inPump, env: { PYTHONPATH: REPAIR } }
    const deployed = await startDistcc(field, mode)
    // Some builds of its include server cannot analyse anything, and then it is distcc with a detour.
    const source = join(field.client.folder, 'pump-probe.c')
    await writeFile(source, '#include <stdio.h>\nint probe;\n')
    const { argv, env } = deployed.inside(['gcc', '-c', source, '-o', '/dev/null'])
    const { DISTCC_LOG: _log, DISTCC_VERBOSE: _verbose, ...loud } = env
    const away = { ...loud, DISTCC_HOSTS: (env['DISTCC_HOSTS'] ?? '').replace(/^localhost\S* /, '') }
    const complaint = deployed.complaints(await field.client.run(argv, { env: away }))[0]
    if (complaint === undefined) return deployed
    await deployed.stop()
    return `pump mode does not work as Debian packs it: ${complaint.replace(/^.*?(WARNING|Warning)[^:]*: /, '')}`
  },
}

function inPump(command: readonly string[]): readonly string[] {
  // It puts its own folder in front of PATH, where the compilers are too.
  return ['distcc-pump', 'sh', '-c', 'PATH=/usr/lib/distcc:$PATH; exec "$@"', 'sh', ...command]
}
