/* Descriptors that no child inherits, and that never take the place of a standard stream that was closed. */
#ifndef HG_DESCRIPTORS_H
#define HG_DESCRIPTORS_H

#include "platform.h"

/* `open`, `socket` and the like give their result through this. */
int private_descriptor(int fd);

/* False when stdout or stderr was closed: what a compiler says then, and how it ends, depends on what it opens in its place. */
bool can_print(void);

/* `pipe` for ourselves. */
int open_pipe(int ends[2]);

/* Writes all, however often it takes; false when that is not possible. */
bool write_all(int fd, const void *bytes, size_t count);

#endif
