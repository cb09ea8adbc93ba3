/* Files that the agent has us write: under temporary names until they are whole, then renamed. */
#ifndef HG_FILES_H
#define HG_FILES_H

#include "platform.h"

/* These return 0 or an errno. After an errno, `drop_files`. */
/* The rights of a new file, less the umask. With these a file that is there, or is there and empty, keeps its own, and its owner. */
#define KEEPS_RIGHTS 010000
#define KEEPS_RIGHTS_IF_EMPTY 020000
int begin_file(const char *path, uint32_t mode, uint64_t size);
int add_to_file(const unsigned char *bytes, size_t count);
/* All that the file begun last is to have is in this other file: nothing more, nothing less, with this CRC-32. */
int copy_to_file(const char *from, uint32_t crc);
int commit_files(void);

bool has_room_for_file(void);

/* How much of the file begun last is still to come. */
uint64_t file_lacks(void);

/* Removes what has no name yet. */
void drop_files(void);

/* A file that is to be gone when the launcher ends. False when there are too many. */
bool add_temporary(char *path);
void remove_temporaries(void);

#endif
