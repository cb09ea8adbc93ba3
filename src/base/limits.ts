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
/** From this size on the launcher copies a file that is on disk, and checks it: below, that costs more than sending its bytes. A socket holds some 200 KiB, and more takes several turns of both sides. */
export const LAUNCHER_COPY_MIN_BYTES = 128 * KIB
/** Launchers served at once: a `make -j` far beyond any mesh; more are told to compile locally. */
export const LAUNCHERS_MAX = 4096
/** The agent says something to a waiting launcher at least this often. */
export const LAUNCHER_KEEPALIVE_MS = 2_000
/** A launcher that hears nothing for so long compiles by itself (mirrored in launcher-limits.h). Five missed keep-alives. */
export const LAUNCHER_SILENCE_MS = 10_000
/** Files a launcher holds ready or is to remove: several times OUTPUTS_MAX (mirrored in launcher-limits.h). */
export const LAUNCHER_FILES_MAX = 64
/** Children of one launcher at once: a preprocessor, a compile, a rival of it, with room (mirrored in launcher-limits.h). */
export const LAUNCHER_CHILDREN_MAX = 8
/** What a launcher holds back until it may be printed: PRINTED_MAX_BYTES of both streams, with room (mirrored in launcher-limits.h). */
export const LAUNCHER_PRINT_MAX_BYTES = 16 * MIB

// --- compile protocol

/** Header frame of a compile request or reply: arguments and names, no contents. A command line can be 128 KiB and more; the largest tree (INCLUDE_CLOSURE_FILES_MAX files) has some 3 MiB of names and digests. */
export const COMPILE_HEADER_MAX_BYTES = 4 * MIB
/** Entries of one input tree: INCLUDE_CLOSURE_FILES_MAX files, and links, folders and absences. */
export const TREE_ENTRIES_MAX = 65_536
/** Entries that one session remembers; then it begins anew. A large project has some 10,000 files and folders. */
export const TREE_ENTRIES_PER_SESSION_MAX = 2 * TREE_ENTRIES_MAX
/** Entries that a worker remembers for all its sessions: some 500 MiB if all are different, which only a liar's are. */
export const TREE_ENTRIES_HELD_MAX = 2_000_000
/** Times a worker may ask for contents of one tree: more than one only when another client broke off sending them. */
export const TREE_ROUNDS_MAX = 3
/** A worker waits so long for contents that another client is sending; then it asks its own. The headers of a project come within 0.1 s. */
export const CONTENTS_WAIT_MS = 2_000
/** Command lines that tune for this processor in different words: a build has one or two. */
export const NATIVE_TUNINGS_MAX = 64
/** A worker that refused a compiler's trees is not offered another for so long: its files may change. */
export const TREE_REFUSED_MS = 60_000
/** Piece in which contents are sent between peers: bounded frames let several sessions share a connection. */
export const TRANSFER_CHUNK_BYTES = 256 * KIB
/** Preprocessed text of one translation unit. The largest seen in the wild (amalgamations, generated tables) are below 100 MiB. */
export const INPUT_MAX_BYTES = 256 * MIB
/** All outputs of one compile: an object with debug info of the largest inputs. */
export const OUTPUT_MAX_BYTES = 512 * MIB
/** stdout and stderr of a remote compile, each. More is a flood; the local compiler may print it instead. */
export const PRINTED_MAX_BYTES = 4 * MIB
/** Outputs that together are no larger stand in the reply's header as they are: packing them, and a frame for each, costs both sides more than their bytes. */
export const OUTPUTS_IN_HEADER_MAX_BYTES = 32 * KIB
/** A source up to this travels with the request, in case the worker lacks it: a round trip less, and most sources are no larger. Sent in vain it costs less than a question. */
export const SOURCE_IN_REQUEST_MAX_BYTES = 32 * KIB
/** Output files of one compile: object, dependencies, .dwo, .gcno, .su, .ci … */
export const OUTPUTS_MAX = 16
/** Arguments of one compile after `@file` expansion. */
export const ARGUMENTS_MAX = 16_384
/** Bytes of a response file, and how deep they nest. */
export const RESPONSE_FILE_MAX_BYTES = 8 * MIB
export const RESPONSE_FILE_MAX_DEPTH = 16
/** Variables that travel with a compile: locale and reproducible dates, with room. */
export const ENVIRONMENT_MAX = 32
/** One path or file name. Linux PATH_MAX. */
export const PATH_MAX_BYTES = 4096

// --- worker

/** Longest compile a worker runs for a peer; far above the slowest file of the projects we build (CPython, curl, redis: < 60 s). */
export const COMPILE_WALL_MAX_MS = 600_000
/** CPU seconds of one compile. */
export const COMPILE_CPU_MAX_SECONDS = 600
/** Address space of one compile; cc1plus on template-heavy sources takes 2-3 GiB. */
export const COMPILE_MEMORY_MAX_BYTES = 8 * 1024 * MIB
/** Files of one compile in memory, inputs and temporary assembly included, and how many: INCLUDE_CLOSURE_FILES_MAX, their folders, and room. */
export const COMPILE_DISK_MAX_BYTES = 1024 * MIB
export const COMPILE_FILES_MAX = 32_768
/** Folders of headers among libraries that a worker cedes to clients, each for good: as many packages as have one, some twenty in all of Debian. */
export const CEDED_MAX = 64
/** Processes and files of one compile: driver, cc1, as and their pipes. */
export const COMPILE_PROCESSES_MAX = 64
export const COMPILE_OPEN_FILES_MAX = 1024
/** Jobs of one client that may wait at a worker beyond its slots (late binding: the rest wait at the client). */
export const QUEUED_PER_CLIENT_MAX = 2
/** Jobs of all clients that may wait at a worker. */
export const QUEUED_MAX = 64
/** Inputs a worker holds in memory, of all jobs that wait or run: packed, so far more than any honest queue. */
export const INPUTS_HELD_MAX_BYTES = 512 * MIB
/** A client has so long to send an input, or to take a result: the largest, over slow Wi-Fi. */
export const COMPILE_TRANSFER_MAX_MS = 120_000
/** A job waits so long for a slot; a client that got none by then has long gone elsewhere. */
export const COMPILE_QUEUE_MAX_MS = 600_000
/** What killing, reading outputs and cleaning up may take on top of a compile's own time. */
export const COMPILE_GRACE_MS = 10_000

// --- toolchains

/** One question to a compiler about itself (`-v`, `-print-prog-name`, a probe of a few lines): milliseconds, seconds on a cold disk. */
export const TOOLCHAIN_QUESTION_MS = 20_000
/** What a compiler may answer to one. */
export const TOOLCHAIN_ANSWER_MAX_BYTES = 1 * MIB
/** Candidates in PATH that are asked at all: links of one compiler count each. */
export const TOOLCHAIN_CANDIDATES_MAX = 512
/** Names of compilers remembered; a build uses a handful. */
export const TOOLCHAIN_PATHS_MAX = 512
/** What compilers are called, and what a worker has of a tree, is looked at again after so long: a stat per file and call is saved. */
export const TOOLCHAIN_FRESH_MS = 1_000

// --- mesh

/** Peers in the table: a LAN, with room. Announcements are sent to each every second. */
export const PEERS_MAX = 256
/** One announcement: names, numbers and up to TOOLCHAINS_MAX toolchains. */
export const ANNOUNCEMENT_MAX_BYTES = 32 * KIB
/** Toolchains one node announces. */
export const TOOLCHAINS_MAX = 64
/** A node's name. */
export const NAME_MAX_LENGTH = 64
/** Words of machines in an announcement: arch, os, target triple. The longest triples have some 40 characters. */
export const MACHINE_WORD_MAX_LENGTH = 64
/** A compiler's version, for people: distributors append their own to it. */
export const VERSION_TEXT_MAX_LENGTH = 128
/** The text form of a peer's identity; those of libp2p have 46 to 62 characters. */
export const PEER_ID_MAX_LENGTH = 128
/** Slots one node may announce: the largest machines have a few hundred cores. */
export const SLOTS_MAX = 1024
/** How often a node announces itself. */
export const ANNOUNCE_INTERVAL_MS = 1_000
/** News is told at once, but at most this often: a burst of jobs that start and end is one announcement. At 50 ms, news was a fifth of what a worker's node did in a build. Who sends jobs counts its own. */
export const ANNOUNCE_COALESCE_MS = 200
/** News waits so long before it is told: the job that starts or the result that leaves goes first. Encrypting for every peer takes longer than a message does. */
export const ANNOUNCE_SETTLE_MS = 5
/** Who has jobs here, or had some within this time, is told at once how busy this node is; all others hear it with the next announcement. In a build with four workers, three quarters of all news went to workers. */
export const NEWS_OF_LOAD_MS = 10_000
/** A peer that takes no announcement for so long has lost the session; another is opened. */
export const ANNOUNCE_WRITE_MS = 3_000
/** A peer silent for so long gets no new work. Three missed announcements. */
export const PEER_QUIET_MS = 3_000
/** A peer silent for so long is gone. */
export const PEER_GONE_MS = 10_000
/** A broken connection may be restored for so long before the peer is gone: leaves 3 of the 5 s in which a lost coordinator must be replaced. */
export const PEER_RECONNECT_MS = 2_000
/** Open sessions kept for reuse per peer. */
export const SESSIONS_IDLE_MAX = 16
/** Sessions one peer may have open here: its jobs, with room for races and announcements. */
export const SESSIONS_PER_PEER_MAX = 256
/** Opening a session on a LAN: a dead peer is noticed, not waited for. */
export const SESSION_OPEN_MS = 3_000
/** A job is tried on so many peers (one, then two others) before it runs locally. */
export const ATTEMPTS_MAX = 3

// --- compression

/** Window a compressed frame may ask us to hold while unpacking, as a power of two: 8 MiB. Ours (level 1) ask for 512 KiB. */
export const DECOMPRESSION_WINDOW_LOG_MAX = 23

// --- libp2p connections

/** What a peer may send on one stream before we have read it. Part of the wire protocol: both ends must agree. 4 MiB carries 1 GbE at any LAN delay. */
export const STREAM_WINDOW_BYTES = 4 * MIB
/** What a session keeps of unread frames before it stops reading from the stream. Four pieces of a transfer. */
export const SESSION_BUFFER_BYTES = 1 * MIB
/** Streams of one connection, over all protocols, each way. */
export const STREAMS_PER_CONNECTION_MAX = 512
/** Streams that may be opened on a connection before it is ready to serve them: a whole burst of jobs. */
export const EARLY_STREAMS_MAX = 256
/** Connections at once: every peer of a full mesh, with room for two in one direction each. */
export const CONNECTIONS_MAX = PEERS_MAX + 44
/** Connections in the middle of their handshake; a silent socket occupies one for CONNECTION_UPGRADE_MS. */
export const CONNECTIONS_PENDING_MAX = 64
/** New connections per second from one host: several nodes on a machine, or a whole mesh behind one address. */
export const CONNECTIONS_PER_HOST_SECOND_MAX = 50
/** Handshake of a new connection (40-90 ms on an idle machine). */
export const CONNECTION_UPGRADE_MS = 3_000
/** Reaching one address of a peer, and all of them. */
export const DIAL_ADDRESS_MS = 2_000
export const DIAL_MS = 5_000
/** Addresses remembered per peer: network cards of one machine. */
export const ADDRESSES_PER_PEER_MAX = 8
/** Peers named on the command line or in the configuration. */
export const STATIC_PEERS_MAX = 64
/** Waits between attempts to reach a peer again. With DIAL_ADDRESS_MS on top, one that is back is found within 5 s. */
export const REDIAL_MIN_MS = 250
export const REDIAL_MAX_MS = 2_000
/** How long a vanished peer is called at its last addresses. A machine that sleeps longer calls us when it wakes. */
export const REDIAL_FOR_MS = 600_000

// --- status

/** A page's path, as one node asks another for it. */
export const STATUS_REQUEST_MAX_BYTES = 64
/** A page of the mesh as JSON: PEERS_MAX nodes of some 2 KiB, or fewer with many toolchains each. */
export const STATUS_REPLY_MAX_BYTES = 4 * MIB
/** A node waits so long for the coordinator's answer, then shows the mesh as it sees it itself. */
export const STATUS_FORWARD_MS = 1_000
/** A peer that asks for a page takes the answer within this, or loses the session. */
export const STATUS_SERVE_MS = 5_000
/** What an HTTP client may send to a status page; they are only read. */
export const HTTP_BODY_MAX_BYTES = 1 * KIB
/** How long an HTTP client may take to say what it wants. */
export const HTTP_REQUEST_MS = 5_000
/** An HTTP connection on which nothing moves for so long is closed. */
export const HTTP_STALLED_MS = 30_000
/** How long one waits for its next request: a build that asks once a minute need not connect anew. */
export const HTTP_KEPT_MS = 72_000
/** HTTP connections at once: a few browsers and scripts, and a `make -j` whose every compiler asks the cache. */
export const HTTP_CONNECTIONS_MAX = 256

// --- HTTP gateway of the cache

/** One entry of another tool: a large object or library with debug info. Hashed in one go when it is read, 75 ms for this much. */
export const ENTRY_MAX_BYTES = 128 * MIB
/** Entries in memory on their way in or out, of all clients: two of the largest, thousands of the usual. */
export const ENTRIES_HELD_MAX_BYTES = 2 * ENTRY_MAX_BYTES
/** An entry's name, as in its URL. Those of the tools we know have some 100 characters. */
export const ENTRY_NAME_MAX_LENGTH = 1_024
/** Entries on their way from other nodes at once: each may be as large as CACHE_PARCEL_MAX_BYTES. */
export const ENTRY_ASKS_AT_ONCE_MAX = 4
/** A client has so long to send an entry: the largest over slow Wi-Fi. */
export const ENTRY_TRANSFER_MAX_MS = 120_000

// --- include scanner

/** A source or header that is read and scanned as a whole; larger ones (none seen) are left to the compiler. */
export const INCLUDE_FILE_MAX_BYTES = 256 * MIB
/** Paths whose presence, absence and content the agent remembers: some 250 files and 1500 absent candidates per search path. About 0.4 KiB each. */
export const INCLUDE_PATHS_MAX = 200_000
/** File contents whose directives are remembered. About 1 KiB each; /usr/include with C++ and Boost has 15,000. */
export const INCLUDE_SCANS_MAX = 50_000
/** File contents whose macro definitions are remembered, for `#include NAME`. About 10 KiB each, of 20 KiB of header. */
export const INCLUDE_DEFINITIONS_MAX = 4_000
/** Folders whose names are remembered, and how large a folder may be for that (as `stat` tells its size). */
export const INCLUDE_FOLDERS_MAX = 20_000
export const INCLUDE_FOLDER_MAX_BYTES = 1 * MIB
/** Search paths with a graph of their own: one per distinct set of `-I` options, of which a build has a few dozen. */
export const INCLUDE_GRAPHS_MAX = 64
/** Files in one such graph, and in one closure. The largest closures of the projects we build have 2,000. */
export const INCLUDE_GRAPH_FILES_MAX = 50_000
export const INCLUDE_CLOSURE_FILES_MAX = 20_000
/** Absent candidates of one closure (the most in redis, curl, CPython and Eigen are 3,100), and names that one file asks for. */
export const INCLUDE_CLOSURE_MISSING_MAX = 100_000
export const INCLUDE_FILE_REQUESTS_MAX = 10_000
/** Rounds in which macros found in newly included files name further files. Seen: 2. */
export const INCLUDE_COMPUTED_ROUNDS_MAX = 16
/** Default search paths remembered: one per toolchain, language and target options. */
export const SEARCH_PATHS_MAX = 256
/** Search paths remembered by whole command lines but for the source: some builds define something else for each. About 4 KiB each. */
export const SEARCH_ANSWERS_MAX = 4_000
/** Files remembered in the form in which they stand in input trees: all of INCLUDE_PATHS_MAX that are no absent candidates. */
export const TREE_FILES_KNOWN_MAX = 50_000
/** Compiles whose whole tree is remembered. About 100 KiB each: 300 files, 1500 absent candidates. */
export const TREES_REMEMBERED_MAX = 1_000
/** Memory of a machine whose node may take some 130 MB more for quicker builds: more than small boards have. */
export const BUFFERS_AS_HEAP_MEMORY_MIN_BYTES = 6 * 1024 * MIB
/** Results that wait in memory until there is time to keep them: all of the longest configure scripts, or of a folder of sources. */
export const KEPT_LATER_MAX = 2_000
/** Bytes of these, and the part of a machine's memory that they may take: 20 KiB each of a configure test, some 300 KiB of an object with debug info. */
export const KEPT_LATER_MAX_BYTES = 128 * MIB
export const KEPT_LATER_MEMORY_SHARE = 1 / 32
/** Compilers that list what a source includes, side by side: each takes a core for as long as preprocessing does, and the build itself needs some. */
export const TOLD_INCLUDES_AT_ONCE_MAX = 4
/** Precompiled headers of clang of which a node remembers what they are made of: one or two for each target of a build. */
export const PRECOMPILED_ANSWERS_MAX = 128
/** Kinds of links that compilers were asked about: one per toolchain, folder and link options. About 4 KiB each. */
export const LINKER_ANSWERS_MAX = 256
/** A library that links of configure tests read; larger ones (LLVM's) would keep the agent from its other work while it hashes them. */
export const LINK_FILE_MAX_BYTES = 32 * MIB
/** Files of one link of a configure test: a dozen of the compiler's own, and some per library asked for. */
export const LINK_FILES_MAX = 256
/** Files of links of which is remembered what they bring along. Some 100 bytes each. */
export const LINK_PARTS_MAX = 4_000
/** Files whose digest and directives a stopped node leaves to the next, and the bytes of all that it leaves: some 0.3 KiB per file. Reading them back takes 4 ms per 1,000 files, saving them 2. */
export const SAVED_FILES_MAX = 20_000
export const SAVED_MEMORY_MAX_BYTES = 16 * MIB
/** What was read is saved this often, while there is news: as much as a node that is killed forgets. */
export const SAVE_MEMORY_INTERVAL_MS = 60_000
/** A compiler that did not tell its search path is asked again after so long: it may have been short of memory. */
export const SEARCH_PATH_RETRY_MS = 60_000

// --- cache

/** How often the times at which cached files were last used go to disk: what is lost with a killed node is a little of the order of eviction. */
export const CACHE_USES_SAVE_MS = 60_000
/** Files whose times are saved in one go: some 30 ms of disk. */
export const CACHE_USES_SAVED_AT_ONCE_MAX = 1_000
/** Times on disk may be behind by so much: a header used by every compile is not touched every minute. */
export const CACHE_USE_COARSENESS_MS = 600_000
/** Files that are removed at once when a cache is cleared. */
export const CACHE_REMOVALS_AT_ONCE_MAX = 64
/** A blob up to this is read at once: checking it takes longer than that (0.6 ms for this much), and is not done elsewhere either. */
export const BLOB_READ_NOW_MAX_BYTES = 1 * MIB
/** A file of the cache up to this is written at once: three trips to the thread pool cost more CPU than that does. */
export const CACHE_WRITE_NOW_MAX_BYTES = 64 * KIB
/** Blobs kept in memory: outputs and headers used a moment ago. The largest is an eighth of all: what is not here is read and hashed at every hit. */
export const BLOBS_RECENT_MAX_BYTES = 64 * MIB
export const BLOB_RECENT_MAX_BYTES = 8 * MIB
/** What a compile may print for its result to be kept, beside its outputs; more is a build that nobody wants to see again. */
export const ACTION_PRINTED_MAX_BYTES = 256 * KIB
/** One result on disk: its printed words, names of OUTPUTS_MAX outputs, and what its producer adds. */
export const ACTION_RESULT_MAX_BYTES = 512 * KIB
/** A signature by any sort of key that libp2p knows; Ed25519 takes 64 bytes. */
export const SIGNATURE_MAX_BYTES = 1 * KIB
/** Results kept in memory, and how large one may be for that: some 0.5 KiB each. All compiles of several large projects. */
export const RESULTS_RECENT_MAX = 20_000
export const RESULT_RECENT_MAX_BYTES = 8 * KIB
/** Places of builds whose last action is remembered to explain a miss. Some 5 KiB each. */
export const ACTIONS_KNOWN_MAX = 4_000

// --- cache of the mesh

/** Nodes that a result is kept at: one may go without a hit going with it. */
export const CACHE_REPLICAS = 2
/**
 * A node keeps what is not quite its own by its own view of the mesh, too: of two that disagree on one member, each takes
 * the other's third home for its second.
 */
export const CACHE_HOMES_TOLERATED = CACHE_REPLICAS + 1
/** Other nodes that a lookup goes to: the homes, and the one that was a home before the latest change. */
export const CACHE_HOMES_ASKED = CACHE_REPLICAS + 1
/** A node that claims to give more than this is given no more keys for it: one liar would be the home of all. */
export const CACHE_WEIGHT_MAX_BYTES = 1024 * 1024 * MIB
/** One request or reply: a result and a few words. Contents follow in frames of TRANSFER_CHUNK_BYTES. */
export const CACHE_FRAME_MAX_BYTES = ACTION_RESULT_MAX_BYTES + 4 * KIB
/** All outputs of one result, as they travel together. Larger objects (none in redis, curl, CPython) stay where they were made. */
export const CACHE_PARCEL_MAX_BYTES = 64 * MIB
/** A home has so long to say whether it knows a result, then the next is asked: some 30 round trips of a LAN, a small part of all but the shortest compiles. */
export const CACHE_FIND_MS = 30
/** And so long on top for each lookup of this node that is under way there: a `make -j` asks in bursts, and one is answered after the other. */
export const CACHE_FIND_AHEAD_MS = 10
/** At most so long; also for a home that was not as quick the last time, or was never asked: its code is cold, or its cores are all busy compiling. */
export const CACHE_FIND_UNPROVEN_MS = 100
/** A home that did not answer within that is not asked for so long. */
export const CACHE_HOME_REST_MS = 2_000
/** The outputs of a result have so long to arrive, and as long on top as the compile took that they save. */
export const CACHE_TRANSFER_MS = 250
export const CACHE_TRANSFER_MAX_MS = 10_000
/** Somebody else's compile of the same is waited for so long; most take less, and the others may be long in a queue. */
export const CACHE_WAIT_MS = 20_000
/** Who is compiling a key is forgotten after so long: nobody waits for longer. */
export const CACHE_CLAIM_MS = 60_000
/** Keys that one peer compiles at once: its launchers, with room. About 0.3 KiB each. */
export const CACHE_CLAIMS_PER_PEER_MAX = 2_048
/** What one peer may have kept here in CACHE_STORES_WINDOW_MS: eight cores' objects with debug info, not the whole disk. */
export const CACHE_STORES_PER_PEER_BYTES = 512 * MIB
export const CACHE_STORES_WINDOW_MS = 60_000
/** What results hold in memory while they come from or go to peers, of one and of all: eight large objects for a peer, two of the largest. */
export const CACHE_HELD_PER_PEER_BYTES = 2 * CACHE_PARCEL_MAX_BYTES
export const CACHE_HELD_BYTES = 4 * CACHE_PARCEL_MAX_BYTES
/** Offering a result to a home, and sending it: a large one over slow Wi-Fi. */
export const CACHE_STORE_MS = 20_000
/** Results on their way to their homes; what is beyond is not stored there. A build makes a few hundred per second at most. */
export const CACHE_SHARES_QUEUED_MAX = 2_048
/** Results sent to homes at once. */
export const CACHE_SHARES_AT_ONCE_MAX = 4
/** A home that lied, or had us wait for nothing, is not asked for so long. */
export const CACHE_LIAR_REST_MS = 60_000
