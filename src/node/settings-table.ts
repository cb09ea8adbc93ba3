import { NAME_MAX_LENGTH, SLOTS_MAX } from '../base/limits.ts'
import {
  file,
  hostName,
  nodeName,
  oneOf,
  onOff,
  peerAddresses,
  type SettingKind,
  size,
  wholeNumber,
} from './setting-kinds.ts'

/** What defaults are made from. */
export interface Machine {
  readonly hostname: string
  readonly cores: number
}

/** One option of `hg node start`, wherever it is written. */
export interface Setting<T> {
  /** `--flag VALUE`; a switch has no value, and `--no-flag` turns it off. */
  readonly flag: string
  /** How the help writes it. */
  readonly usage: string
  readonly shape: 'value' | 'switch' | 'repeated'
  /** Name in the environment. */
  readonly variable: string
  /** Name in config.toml. */
  readonly key: string
  readonly kind: SettingKind<T>
  readonly fallback: (machine: Machine) => T
  readonly help: string
  /** For our own use: not in the help. */
  readonly hidden?: true
}

const GIB = 1024 ** 3
const PORT_MAX = 65_535
/** A day: a node that leaves later than that might as well stay. */
const IDLE_EXIT_MAX_MS = 86_400_000

/** Every option of `hg node start`. The only place where a name or a default is written. */
export const SETTINGS = {
  name: setting({
    flag: 'name',
    usage: '--name NAME',
    shape: 'value',
    variable: 'HG_NAME',
    key: 'name',
    kind: nodeName,
    fallback: ({ hostname }) => nameFrom(hostname),
    help: 'how people call this node (default: the host name)',
  }),
  slots: setting({
    flag: 'slots',
    usage: '--slots N',
    shape: 'value',
    variable: 'HG_SLOTS',
    key: 'slots',
    kind: wholeNumber(0, SLOTS_MAX),
    fallback: ({ cores }) => Math.min(cores, SLOTS_MAX),
    help: 'compilers that run here at once (default: one per core, of the CPU quota if there is one)',
  }),
  port: setting({
    flag: 'port',
    usage: '--port PORT',
    shape: 'value',
    variable: 'HG_PORT',
    key: 'port',
    kind: wholeNumber(0, PORT_MAX),
    fallback: () => 9000,
    help: 'port for other nodes; 0 takes any (default: 9000)',
  }),
  httpPort: setting({
    flag: 'http-port',
    usage: '--http-port PORT',
    shape: 'value',
    variable: 'HG_HTTP_PORT',
    key: 'http-port',
    kind: wholeNumber(0, PORT_MAX),
    fallback: () => 8080,
    help: 'port of the status pages; 0 takes any (default: 8080)',
  }),
  httpHost: setting({
    flag: 'http-host',
    usage: '--http-host ADDRESS',
    shape: 'value',
    variable: 'HG_HTTP_HOST',
    key: 'http-host',
    kind: hostName,
    fallback: () => '127.0.0.1',
    help: 'address of the status pages (default: 127.0.0.1, this machine only)',
  }),
  peers: setting({
    flag: 'peer',
    usage: '--peer ADDRESS',
    shape: 'repeated',
    variable: 'HG_PEERS',
    key: 'peers',
    kind: peerAddresses,
    fallback: () => [],
    help: 'a node to look for, HOST:PORT or a multiaddr; may be repeated',
  }),
  mdns: setting({
    flag: 'mdns',
    usage: '--no-mdns',
    shape: 'switch',
    variable: 'HG_MDNS',
    key: 'mdns',
    kind: onOff,
    fallback: () => true,
    help: 'do not look for nodes on the local network',
  }),
  meshKey: setting({
    flag: 'mesh-key',
    usage: '--mesh-key FILE',
    shape: 'value',
    variable: 'HG_MESH_KEY',
    key: 'mesh-key',
    kind: file,
    fallback: () => undefined,
    help: 'admit only nodes that hold the key in FILE (default: mesh.key in the state folder, if it is there)',
  }),
  cacheSize: setting({
    flag: 'cache-size',
    usage: '--cache-size SIZE',
    shape: 'value',
    variable: 'HG_CACHE_SIZE',
    key: 'cache-size',
    kind: size,
    fallback: () => 5 * GIB,
    help: 'most that results may take on disk (default: 5GiB)',
  }),
  cacheHttp: setting({
    flag: 'cache-http',
    usage: '--cache-http WHO',
    shape: 'value',
    variable: 'HG_CACHE_HTTP',
    key: 'cache-http',
    kind: oneOf('loopback', 'any', 'off'),
    fallback: () => 'loopback' as const,
    help: 'whose ccache, sccache or Bazel may use the cache over HTTP: loopback (this machine only), any or off (default: loopback)',
  }),
  coordinatorRole: setting({
    flag: 'coordinator-role',
    usage: '--coordinator-role',
    shape: 'switch',
    variable: 'HG_COORDINATOR_ROLE',
    key: 'coordinator-role',
    kind: onOff,
    fallback: () => false,
    help: 'prefer this node for serving the status pages of the mesh',
  }),
  logLevel: setting({
    flag: 'log-level',
    usage: '--log-level LEVEL',
    shape: 'value',
    variable: 'HG_LOG_LEVEL',
    key: 'log-level',
    kind: oneOf('debug', 'info', 'warn'),
    fallback: () => 'info' as const,
    help: 'what goes to the log: debug, info or warn (default: info)',
  }),
  trees: setting({
    flag: 'trees',
    usage: '--no-trees',
    shape: 'switch',
    variable: 'HG_TREES',
    key: 'trees',
    kind: onOff,
    fallback: () => true,
    help: 'compile for peers from preprocessed text only, not from their own files',
    hidden: true,
  }),
  idleExitMs: setting({
    flag: 'idle-exit-ms',
    usage: '--idle-exit-ms MS',
    shape: 'value',
    variable: 'HG_IDLE_EXIT_MS',
    key: 'idle-exit-ms',
    kind: wholeNumber(0, IDLE_EXIT_MAX_MS),
    fallback: () => 0,
    help: 'leave after so long without work; 0 stays (what `hgbuild` starts leaves after 15 minutes)',
    hidden: true,
  }),
}

export type SettingName = keyof typeof SETTINGS

/** Everything a node can be told when it starts. */
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never
}

function setting<T>(described: Setting<T>): Setting<T> {
  return described
}

/** A host name without its domain, made to fit what a node may be called. */
function nameFrom(hostname: string): string {
  const [label = ''] = hostname.split('.')
  const clean = label.replace(/[^\p{L}\p{N}_-]/gu, '-').replace(/^[-_]+/, '')
  return clean.slice(0, NAME_MAX_LENGTH) || 'node'
}
