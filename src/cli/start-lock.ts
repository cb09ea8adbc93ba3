import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { CommandError } from './command-error.ts'
import { EXIT } from './exit-codes.ts'

export interface StartLockComponents {
  readonly clock: Clock
  readonly random: Random
  /** Whether a process of this id is there. */
  readonly alive: (pid: number) => boolean
}

/** Longest that another start with the same state folder is waited for: it takes a second or two on a slow machine. */
const LOCK_WAIT_MS = 15_000
const LOCK_LOOK_MS = 50

/**
 * Runs `work` while no other start with this state folder does. Once a node serves, its socket shows that it is there;
 * the lock covers the moment before. One left by a killed process is taken over.
 */
export async function withStartLock<T>(
  components: StartLockComponents,
  home: string,
  work: () => Promise<T>,
): Promise<T> {
  const { clock } = components
  const file = join(home, 'start.lock')
  await mkdir(home, { recursive: true, mode: 0o700 })
  const deadline = clock.now() + LOCK_WAIT_MS
  while (!(await take(file))) {
    if (await takeAway(components, file)) continue
    if (clock.now() >= deadline) {
      throw new CommandError(
        EXIT.notStarted,
        'another `hg node start` has been starting for 15 s',
        `wait for it, or remove ${file}`,
      )
    }
    await clock.sleep(LOCK_LOOK_MS)
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

async function take(file: string): Promise<boolean> {
  const temporary = `${file}.${process.pid}`
  const handle = await open(temporary, 'w', 0o600)
  await handle.writeFile(`${process.pid}\n`)
  await handle.close()
  try {
    await link(temporary, file) // Whole or not at all: nobody sees a lock without its owner.
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Removes a lock whose owner is gone. By renaming: of two who try, one gets it, and looks again at what it got. */
async function takeAway({ random, alive }: StartLockComponents, file: string): Promise<boolean> {
  if (await ownerLives(file, alive)) return false
  const aside = `${file}.${random.hex(8)}`
  try {
    await rename(file, aside)
  } catch {
    return true // Somebody else removed it.
  }
  if (await ownerLives(aside, alive)) await link(aside, file).catch(() => undefined) // It was taken anew in between: put it back.
  await rm(aside, { force: true })
  return true
}

async function ownerLives(file: string, alive: (pid: number) => boolean): Promise<boolean> {
  const owner = await readFile(file, 'utf8').catch(() => '')
  return /^\d+\n$/.test(owner) && alive(Number(owner))
}
