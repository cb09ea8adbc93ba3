/* The launcher's share of src/base/limits.ts, which has the reasons; a test compares the two. */
#ifndef HG_LAUNCHER_LIMITS_H
#define HG_LAUNCHER_LIMITS_H

#define LAUNCHER_FRAME_MAX_BYTES (4 * 1024 * 1024)
#define LAUNCHER_PRINT_MAX_BYTES (16 * 1024 * 1024)
#define LAUNCHER_FILES_MAX 64
#define LAUNCHER_CHILDREN_MAX 8
#ifndef LAUNCHER_SILENCE_MS /* Tests are built with less patience. */
#define LAUNCHER_SILENCE_MS 10000
#endif

#endif
