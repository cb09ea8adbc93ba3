import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender } from './contender.ts'
import { startDistcc } from './distcc.ts'

/** Sends sources and headers, so that the workers preprocess too. */
export const distccPump: Contender = {
  name: 'distcc pump',
  packages: { 'distcc-pump': 'distcc-pump' },
  version: ['distcc', '--version'],
  settings: [
    'as distcc, with `,cpp,lzo` behind each host (pump mode requires `lzo`) and the build wrapped in `distcc-pump`, whose include server starts and ends with it',
  ],
  quietWhenIdle: true,
  start: async (field) => {
    const deployed = await startDistcc(field, { option: ',cpp,lzo', wrap: (command) => ['distcc-pump', ...command] })
    // Some builds of its include server cannot analyse anything, and then it is distcc with a detour.
    const source = join(field.client.folder, 'pump-probe.c')
    await writeFile(source, '#include <stdio.h>\nint probe;\n')
    const { argv, env } = deployed.inside(['gcc', '-c', source, '-o', '/dev/null'])
    const complaint = deployed.complaints(await field.client.run(argv, { env }))[0]
    if (complaint === undefined) return deployed
    await deployed.stop()
    return `pump mode does not work as Debian packs it: ${complaint.replace(/^.*?(WARNING|Warning)[^:]*: /, '')}`
  },
}
