import type { Suite } from '../suite.ts'
import { clientCpu } from './client-cpu.ts'
import { coldProject } from './cold-project.ts'
import { heavyHeaders } from './heavy-headers.ts'
import { manyFiles } from './many-files.ts'
import { micro } from './micro.ts'
import { noPeers } from './no-peers.ts'
import { scaling } from './scaling.ts'
import { singleFile } from './single-file.ts'
import { warmRebuild } from './warm-rebuild.ts'

/** All suites, in the order of the document. */
export const SUITES: readonly Suite[] = [
  singleFile,
  coldProject,
  scaling,
  clientCpu,
  warmRebuild,
  noPeers,
  manyFiles,
  heavyHeaders,
  micro,
]

/** The same in the order of a quick look, which may not reach the last: the cheapest first. */
export const QUICK_SUITES: readonly Suite[] = [
  singleFile,
  noPeers,
  micro,
  warmRebuild,
  coldProject,
  manyFiles,
  scaling,
  clientCpu,
  heavyHeaders,
]
