/*
 * What the node and the warden say to each other; mirrored in warden-messages.ts. Both are of one build on one machine,
 * so numbers are in the machine's own order and size.
 */
#ifndef HYBRIDGRID_MESSAGES_H
#define HYBRIDGRID_MESSAGES_H

#include <stdint.h>

/* Cells at once: slots of the largest node (SLOTS_MAX in limits.ts). */
#define CELLS 1024
/* Longest frame from the node: a compile's header (COMPILE_HEADER_MAX_BYTES) with room for what the worker adds. */
#define FRAME_MAX (2 * 1024 * 1024)

enum verb {
  /* Make a cell. */
  VERB_PREPARE = 1,
  /* Let the cell become a compiler. */
  VERB_RUN = 2,
  VERB_KILL = 3,
  /* One string: a folder that cells prepared from now on will see. */
  VERB_EXPOSE = 4,
  /* One string: a folder below one that is exposed, which is the client's own in cells prepared from now on. */
  VERB_CEDE = 5,
};

/* Begins each frame from the node; `bytes` follow. */
struct verb_header {
  uint32_t bytes;
  uint32_t verb;
  uint32_t cell;
  uint32_t reserved;
};

/* VERB_RUN; then, each ended by a NUL: working directory, `argc` arguments (the first is the compiler), `envc` variables. */
struct run_header {
  uint64_t memory_bytes;
  uint64_t file_bytes;
  uint32_t wall_ms;
  uint32_t cpu_seconds;
  uint32_t processes;
  uint32_t open_files;
  uint32_t argc;
  uint32_t envc;
  /* Whether a list of what is to be placed lies in the cell's root. */
  uint32_t placing;
  uint32_t reserved;
};

/* The list's name in the root of a cell; it is gone before anything is placed. */
#define PLACE_LIST "/.hybridgrid-tree"

/*
 * First characters of its entries, each ended by a NUL: a folder to be made; the same, and files that follow go there; a
 * file's name, then its path in the store and its time in seconds; a link's path, then its target.
 */
enum { PLACE_FOLDER = 'D', PLACE_IN_FOLDER = 'I', PLACE_FILE = 'F', PLACE_LINK = 'L' };

enum report { REPORT_READY = 1, REPORT_PREPARED = 2, REPORT_ENDED = 3 };

enum outcome { OUTCOME_EXITED = 0, OUTCOME_SIGNALLED = 1, OUTCOME_WALL_LIMIT = 2, OUTCOME_FAILED = 3 };

/* What was being done when a system call failed; told in words in warden-messages.ts. */
enum step {
  STEP_NONE = 0,
  STEP_UNSUPPORTED,
  STEP_USER_NAMESPACE,
  STEP_NAMESPACES,
  STEP_MOUNT_ROOT,
  STEP_EXPOSE,
  STEP_FILTER,
  STEP_FORK,
  STEP_MAKE_CELL,
  STEP_DROP_PRIVILEGES,
  STEP_REQUEST,
  STEP_ENTER_FOLDER,
  STEP_LIMIT,
  STEP_EXEC,
  STEP_LOST,
  STEP_PLACE_LIST,
  STEP_PLACE_FOLDER,
  STEP_PLACE_FILE,
  STEP_PLACE_LINK,
};

/* What cells can: place trees; have folders that are ceded to them. */
enum { READY_TREES = 1, READY_CEDES = 2 };

/* The only frame to the node; what the compile printed follows an end. `value` is the exit code, the signal, the errno of
 * `step`, the process of a prepared cell, or with REPORT_READY what cells can. */
struct report_frame {
  uint32_t report;
  uint32_t cell;
  uint32_t outcome;
  uint32_t value;
  uint32_t step;
  uint32_t stdout_bytes;
  uint32_t stderr_bytes;
  uint32_t reserved;
  uint64_t wall_micros;
  uint64_t user_micros;
  uint64_t system_micros;
  uint64_t max_rss_bytes;
};

struct failure {
  uint32_t step;
  int32_t error;
};

#endif
