import { ACTIONS_KNOWN_MAX } from '../base/limits.ts'
import { AgingMap } from '../compiler/includes/aging-map.ts'
import type { Action } from './action-key.ts'
import { type MissReason, missReason } from './miss-reason.ts'

/** Where an action stands in a build: what stays the same when it is compiled again. */
export interface ActionPlace {
  readonly cwd: string
  /** As on the command line. */
  readonly source: string
  readonly output: string
}

/** The action that each place of a build had last, so that a miss can be explained. In memory: after a restart all is new. */
export class KnownActions {
  readonly #actions = new AgingMap<string, Action>(ACTIONS_KNOWN_MAX / 2)

  /** Why an action was missed, and from now on what its place had last. */
  explainMiss(place: ActionPlace, action: Action): MissReason {
    const reason = missReason(this.#actions.get(nameOf(place)), action)
    this.remember(place, action)
    return reason
  }

  /** A hit needs no reason, but is what the next miss is compared with. */
  remember(place: ActionPlace, action: Action): void {
    const { files, links, folders } = action.tree
    this.#actions.set(nameOf(place), { ...action, tree: { files, links, folders } }) // Not the thousands of absent paths.
  }
}

function nameOf({ cwd, source, output }: ActionPlace): string {
  return `${cwd}\0${source}\0${output}`
}
