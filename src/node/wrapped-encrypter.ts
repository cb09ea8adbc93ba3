import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'

/** What is done to connections, whoever began them. */
export interface ConnectionChanges {
  /** Before they are secured. */
  readonly plain?: (connection: MessageStream) => MessageStream
  /** Behind the handshake. */
  readonly secured?: (connection: MessageStream) => void
}

/** The same encrypter, but its connections are changed. */
export function withChanges<Components, Encrypter extends ConnectionEncrypter>(
  create: (components: Components) => Encrypter,
  { plain = (connection) => connection, secured = () => undefined }: ConnectionChanges,
): (components: Components) => Encrypter {
  return (components) => {
    const encrypter = create(components)
    const { secureInbound, secureOutbound } = encrypter
    encrypter.secureInbound = async (connection, options) => {
      const made = await secureInbound.call(encrypter, plain(connection), options)
      secured(made.connection)
      return made
    }
    encrypter.secureOutbound = async (connection, options) => {
      const made = await secureOutbound.call(encrypter, plain(connection), options)
      secured(made.connection)
      return made
    }
    return encrypter
  }
}
