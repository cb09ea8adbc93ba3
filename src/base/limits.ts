/**
 * Every bound on what strangers may send or cost, each with its reason. A new bound belongs here.
 */
const KIB = 1024
const MIB = 1024 * KIB

// --- launcher and agent, over the local socket

/** One frame between launcher and agent. Contents of files travel in many; argv and environment must fit in one (Linux: 2 MiB by default for both). */
export const LAUNCHER_FRAME_MAX_BYTES = 4 * MIB
/** Piece in which file contents are sent to the launcher: large enough to be cheap, small enough not to stall other launchers. */
export const LAUNCHER_DATA_CHUNK_BYTES = 256 * KIB
/** Launchers served at once: a `make -j` far beyond any mesh; more are told to compile locally. */
export const LAUNCHERS_MAX = 4096
/** The agent says something to a waiting launcher at least this often. */
export const LAUNCHER_KEEPALIVE_MS = 2_000
/** A launcher that hears nothing for so long compiles by itself (mirrored in launcher.c). Five missed keep-alives. */
export const LAUNCHER_SILENCE_MS = 10_000

// --- compile protocol

/** Header frame of a compile request or reply: arguments and names, no contents. A command line can be 128 KiB and more. */
export const COMPILE_HEADER_MAX_BYTES = 1 * MIB
/** Piece in which contents are sent between peers: bounded frames let several sessions share a connection. */
export const TRANSFER_CHUNK_BYTES = 256 * KIB
/** Preprocessed text of one translation unit. The largest seen in the wild (amalgamations, generated tables) are below 100 MiB. */
export const INPUT_MAX_BYTES = 256 * MIB
/** All outputs of one compile: an object with debug info of the largest inputs. */
export const OUTPUT_MAX_BYTES = 512 * MIB
/** stdout and stderr of a remote compile, each. More is a flood; the local compiler may print it instead. */
export const PRINTED_MAX_BYTES = 4 * MIB
/** Output files of one compile: object, dependencies, .dwo, .gcno, .su, .ci … */
export const OUTPUTS_MAX = 16
/** Arguments of one compile after `@file` expansion. */
export const ARGUMENTS_MAX = 16_384
/** Bytes of a response file, and how deep they nest. */
export const RESPONSE_FILE_MAX_BYTES = 8 * MIB
export const RESPONSE_FILE_MAX_DEPTH = 16
/** One path or file name. Linux PATH_MAX. */
export const PATH_MAX_BYTES = 4096

// --- worker

/** Longest compile a worker runs for a peer; far above the slowest file of the projects we build (CPython, curl, redis: < 60 s). */
export const COMPILE_WALL_MAX_MS = 600_000
/** CPU seconds of one compile. */
export const COMPILE_CPU_MAX_SECONDS = 600
/** Address space of one compile; cc1plus on template-heavy sources takes 2-3 GiB. */
export const COMPILE_MEMORY_MAX_BYTES = 8 * 1024 * MIB
/** Processes and files of one compile: driver, cc1, as and their pipes. */
export const COMPILE_PROCESSES_MAX = 64
export const COMPILE_OPEN_FILES_MAX = 1024
/** Jobs of one client that may wait at a worker beyond its slots (late binding: the rest wait at the client). */
export const QUEUED_PER_CLIENT_MAX = 2
/** Jobs of all clients that may wait at a worker. */
export const QUEUED_MAX = 64

// --- mesh

/** Peers in the table: a LAN, with room. Announcements are sent to each every second. */
export const PEERS_MAX = 256
/** One announcement: names, numbers and up to TOOLCHAINS_MAX toolchains. */
export const ANNOUNCEMENT_MAX_BYTES = 32 * KIB
/** Toolchains one node announces. */
export const TOOLCHAINS_MAX = 64
/** A node's name. */
export const NAME_MAX_LENGTH = 64
/** Slots one node may announce: the largest machines have a few hundred cores. */
export const SLOTS_MAX = 1024
/** How often a node announces itself. */
export const ANNOUNCE_INTERVAL_MS = 1_000
/** A peer silent for so long gets no new work. Three missed announcements. */
export const PEER_QUIET_MS = 3_000
/** A peer silent for so long is gone. */
export const PEER_GONE_MS = 10_000
/** Open sessions kept for reuse per peer. */
export const SESSIONS_IDLE_MAX = 16
/** Sessions one peer may have open here: its jobs, with room for races and announcements. */
export const SESSIONS_PER_PEER_MAX = 256
/** Opening a session on a LAN: a dead peer is noticed, not waited for. */
export const SESSION_OPEN_MS = 3_000
/** A job is tried on so many peers (one, then two others) before it runs locally. */
export const ATTEMPTS_MAX = 3
