import { messageOf } from '../base/errors.ts'
import { isNodeStatus, type NodeStatus } from '../status/snapshot.ts'
import { type DetachComponents, type DetachInit, startDetached } from './detach.ts'

/** The node that serves a build, or why there is none. */
export type EnsuredNode =
  | { readonly kind: 'running'; readonly status: NodeStatus; readonly startedByUs: boolean }
  | { readonly kind: 'none'; readonly why: string }

/** What `hgbuild` starts leaves after a quarter of an hour without work: long enough for the next build of an edit. */
const IDLE_EXIT_MS = 15 * 60_000

/** Sees to it that a node runs on this machine. Never rejects: a build goes on without one. */
export async function ensureNode(components: DetachComponents, init: Omit<DetachInit, 'flags'>): Promise<EnsuredNode> {
  try {
    const status = await components.ask('status', isNodeStatus)
    if (status !== undefined) return { kind: 'running', status, startedByUs: false }
    const started = await startDetached(components, { ...init, flags: ['--idle-exit-ms', String(IDLE_EXIT_MS)] })
    return { kind: 'running', status: started, startedByUs: true }
  } catch (error) {
    // Another `hgbuild` may have been first.
    const status = await components.ask('status', isNodeStatus).catch(() => undefined)
    if (status !== undefined) return { kind: 'running', status, startedByUs: false }
    return { kind: 'none', why: messageOf(error).split('\n')[0] ?? '' }
  }
}
