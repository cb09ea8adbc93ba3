import { connect, type Socket } from 'node:net'
import { nearAgent } from '../base/agent-address.ts'
import type { Clock } from '../base/clock.ts'
import { DeadlineError, withDeadline } from '../base/deadline.ts'
import { HybridgridError } from '../base/errors.ts'
import { decodeToLauncher, encodeFromLauncher } from '../protocols/launcher-codec.ts'
import { FrameSplitter } from '../protocols/launcher-frames.ts'
import type { Shape } from '../status/shape.ts'

export type AgentFailure =
  | { readonly code: 'AGENT_SILENT' }
  | { readonly code: 'AGENT_REFUSED'; readonly question: string }
  | { readonly code: 'AGENT_UNREACHABLE'; readonly errno: string }

/** A node is there, but does not answer as expected. */
export class AgentError extends HybridgridError<AgentFailure> {}

/** Asks the node on this machine. Undefined when none runs; rejects with `AgentError` when it answers something else. */
export type AskAgent = <T>(question: string, shape: Shape<T>, args?: unknown) => Promise<T | undefined>

/** Longest that a node on the same machine may take to answer: one that compiles on every core still does. */
const ANSWER_MAX_MS = 5_000

/** Asks the node with this state folder over its local socket; one connection per question. */
export function agentOf(home: string, clock: Clock): AskAgent {
  return async (question, shape, args) => {
    const json = await answerFrom(home, clock, question, args === undefined ? '' : JSON.stringify(args))
    if (json === undefined) return undefined
    const answer: unknown = JSON.parse(json)
    if (shape(answer)) return answer
    throw new AgentError(
      { code: 'AGENT_REFUSED', question },
      `the node does not know how to answer '${question}'; is it of another version?`,
    )
  }
}

async function answerFrom(home: string, clock: Clock, name: string, json: string): Promise<string | undefined> {
  let socket: Socket | undefined
  try {
    const connecting = nearAgent(home, (address) => connect(address))
    socket = connecting
    return await withDeadline(clock, ANSWER_MAX_MS, undefined, () => converse(connecting, name, json))
  } catch (error) {
    if (error instanceof DeadlineError) {
      throw new AgentError({ code: 'AGENT_SILENT' }, `the node did not answer within ${ANSWER_MAX_MS / 1000} s`)
    }
    const errno = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (NOBODY_THERE.has(errno)) return undefined
    if (errno === '') throw error
    throw new AgentError(
      { code: 'AGENT_UNREACHABLE', errno },
      `the node cannot be reached over the socket in ${home}: ${errno}`,
    )
  } finally {
    socket?.destroy()
  }
}

/** No socket, or one that a killed node left behind. */
const NOBODY_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED'])

function converse(socket: Socket, name: string, json: string): Promise<string> {
  const frames = new FrameSplitter()
  return new Promise((resolve, reject) => {
    socket.on('connect', () => {
      socket.write(encodeFromLauncher({ type: 'query', name, json }))
    })
    socket.on('data', (chunk) => {
      try {
        for (const frame of frames.push(chunk)) {
          const message = decodeToLauncher(frame)
          if (message.type === 'answer') resolve(message.json)
        }
      } catch (error) {
        reject(error)
      }
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new AgentError({ code: 'AGENT_SILENT' }, 'the node broke off without an answer')))
  })
}
