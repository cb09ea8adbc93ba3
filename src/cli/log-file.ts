import { join } from 'node:path'

/** Where the node with this state folder writes its log. */
export function logFile(home: string): string {
  return join(home, 'logs', 'node.log')
}
