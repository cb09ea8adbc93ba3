#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crc32.h"
#include "descriptors.h"
#include "find-compiler.h"
#include "launcher-limits.h"

struct pending {
  char *path, *temporary_path;
};

static struct pending pending[LAUNCHER_FILES_MAX];
static int pending_count;
static int open_file = -1; /* The one begun last, until it is whole. */
static uint64_t lacking;
static char *temporaries[LAUNCHER_FILES_MAX];
static int temporary_count;

/* A rename replaces what a compiler would: not a device, a pipe or a folder. Sets the mode to 0 where nothing is. */
static int check_target(const char *path, struct stat *there) {
  there->st_mode = 0;
  if (lstat(path, there) < 0) return errno == ENOENT ? 0 : errno;
  return S_ISREG(there->st_mode) || S_ISLNK(there->st_mode) ? 0 : EINVAL;
}

static bool is_written_into(uint32_t mode, const struct stat *there) {
  uint32_t keeps = there->st_size == 0 ? KEEPS_RIGHTS | KEEPS_RIGHTS_IF_EMPTY : KEEPS_RIGHTS;
  return S_ISREG(there->st_mode) && (mode & keeps) != 0;
}

/* What a compiler could not write into, or of another owner: the compiler does it, or says why not. */
static int keep_rights(int fd, const char *path, const struct stat *there) {
  struct stat made;
  if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0 || fstat(fd, &made) < 0) return errno;
  if (made.st_uid != there->st_uid || made.st_gid != there->st_gid) return EPERM;
  return fchmod(fd, there->st_mode & 07777) == 0 ? 0 : errno;
}

static int close_file(void) {
  int fd = open_file;
  open_file = -1;
  return close(fd) == 0 || errno == EINTR ? 0 : errno; /* A full disk behind NFS is told here. */
}

int begin_file(const char *path, uint32_t mode, uint64_t size) {
  static unsigned number;
  struct stat there;
  int error = check_target(path, &there);
  if (error != 0) return error;
  int folder = (int)(base_name(path) - path);
  char *temporary_path;
  int fd;
  do { /* Another launcher of this number may share the folder from another container. */
    temporary_path = text("%.*s.hg-%ld-%u.tmp", folder, path, (long)getpid(), number++);
    fd = private_descriptor(open(temporary_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0777));
    if (fd < 0 && errno == EEXIST) free(temporary_path);
  } while (fd < 0 && errno == EEXIST);
  if (fd < 0) return errno;
  pending[pending_count++] = (struct pending){text("%s", path), temporary_path};
  open_file = fd;
  lacking = size;
  if (is_written_into(mode, &there)) error = keep_rights(fd, path, &there);
  return error != 0 || size > 0 ? error : close_file();
}

int add_to_file(const unsigned char *bytes, size_t count) {
  if (count == 0) return 0;
  if (!write_all(open_file, bytes, count)) return errno;
  lacking -= count;
  return lacking == 0 ? close_file() : 0;
}

/* What is written is what was checked: the file may rot on its disk, or be changed by whoever may write to it. */
static int copy_rest(int from, uint32_t expected) {
  static unsigned char piece[65536];
  uint32_t crc = 0;
  while (lacking > 0) {
    ssize_t count = read(from, piece, lacking < sizeof piece ? (size_t)lacking : sizeof piece);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 ? errno : EIO;
    crc = crc32_of(crc, piece, (size_t)count);
    if (!write_all(open_file, piece, (size_t)count)) return errno;
    lacking -= (uint64_t)count;
  }
  return crc == expected ? close_file() : EIO;
}

int copy_to_file(const char *path, uint32_t crc) {
  int from = private_descriptor(open(path, O_RDONLY | O_CLOEXEC));
  if (from < 0) return errno;
  struct stat file;
  int error = fstat(from, &file) < 0 ? errno : (uint64_t)file.st_size != lacking ? EIO : copy_rest(from, crc);
  close(from);
  return error;
}

uint64_t file_lacks(void) { return lacking; }

/*
 * What is there goes first: renaming over a file has ext4 write the new one to disk at once (auto_da_alloc), a millisecond
 * for a large object. A compiler, too, leaves nothing under the name while it works.
 */
int commit_files(void) {
  for (int i = 0; i < pending_count; i++) {
    unlink(pending[i].path); /* If that fails, the rename says why. */
    if (rename(pending[i].temporary_path, pending[i].path) < 0) return errno;
    pending[i].temporary_path = NULL;
  }
  pending_count = 0;
  return 0;
}

void drop_files(void) {
  if (open_file >= 0) close_file();
  for (int i = 0; i < pending_count; i++) {
    if (pending[i].temporary_path != NULL) unlink(pending[i].temporary_path);
  }
  pending_count = 0;
  lacking = 0;
}

bool has_room_for_file(void) { return pending_count < LAUNCHER_FILES_MAX; }

bool add_temporary(char *path) {
  if (temporary_count == LAUNCHER_FILES_MAX) return false;
  temporaries[temporary_count++] = path;
  return true;
}

void remove_temporaries(void) {
  while (temporary_count > 0) unlink(temporaries[--temporary_count]);
}
