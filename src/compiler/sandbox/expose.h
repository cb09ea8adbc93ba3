/*
 * Which of the machine's folders a compile sees, read-only: the toolchain and nothing else. They are bound once, at the
 * start, below /template, and from there into each cell's root.
 */
#ifndef HYBRIDGRID_EXPOSE_H
#define HYBRIDGRID_EXPOSE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Folders exposed at most: the usual ones and the prefixes of compilers installed elsewhere. */
#define EXPOSED_MAX 128
/* Mounts one cell may need when its own files lie among exposed ones and folders must be bound child by child. */
#define BINDS_MAX 4096

#ifndef MOUNT_ATTR_RDONLY
#define MOUNT_ATTR_RDONLY 0x00000001
#define MOUNT_ATTR_NOSUID 0x00000002
struct mount_attr {
  uint64_t attr_set, attr_clr, propagation, userns_fd;
};
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442 /* The same on every architecture. */
#endif

static const char *const USUAL_FOLDERS[] = {
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives", "/etc/ld.so.cache", NULL,
};
static const char *const DEVICES[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", NULL};

static char *exposed[EXPOSED_MAX + 1];
static int binds_left;

/* Makes the folders above `path`; those that stand already are fine. */
static int make_parents(char *path)
{
  for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    int failed = mkdir(path, 0755) != 0 && errno != EEXIST;
    *slash = '/';
    if (failed) return -1;
  }
  return 0;
}

/* Binds `from` on `to`, which does not exist yet. */
static int bind_new(const char *from, const char *to, const struct stat *found)
{
  if (S_ISLNK(found->st_mode)) {
    char target[PATH_MAX];
    ssize_t length = readlink(from, target, sizeof target - 1);
    if (length < 0) return -1;
    target[length] = '\0';
    return symlink(target, to);
  }
  if (binds_left-- <= 0) return errno = E2BIG, -1;
  if (S_ISDIR(found->st_mode)) {
    if (mkdir(to, 0755) != 0) return -1;
  } else {
    int file = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444);
    if (file < 0) return -1;
    close(file);
  }
  return mount(from, to, NULL, MS_BIND | MS_REC, NULL);
}

/*
 * Shows `from` at `to`. Where folders of the compile stand there already they stay, and what the machine has is bound
 * around them, child by child: so a working directory below /usr/src works.
 */
static int expose_at(const char *from, const char *to)
{
  struct stat found, placed;
  if (lstat(from, &found) != 0) return 0; /* Not on this machine. */
  if (lstat(to, &placed) != 0) return bind_new(from, to, &found);
  if (!S_ISDIR(found.st_mode) || !S_ISDIR(placed.st_mode)) return 0;

  DIR *folder = opendir(from);
  if (folder == NULL) return 0; /* Not for us to read, so not for the compile. */
  int result = 0;
  for (struct dirent *entry; result == 0 && (entry = readdir(folder)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char child_from[PATH_MAX], child_to[PATH_MAX];
    if (snprintf(child_from, sizeof child_from, "%s/%s", from, entry->d_name) >= (int)sizeof child_from ||
        snprintf(child_to, sizeof child_to, "%s/%s", to, entry->d_name) >= (int)sizeof child_to)
      continue; /* Too deep for any compiler to name. */
    result = expose_at(child_from, child_to);
  }
  closedir(folder);
  return result;
}

/* Shows `path` of the tree at `from` below `to`. */
static int expose_below(const char *from, const char *to, const char *path)
{
  char source[PATH_MAX], target[PATH_MAX];
  if (snprintf(source, sizeof source, "%s%s", from, path) >= (int)sizeof source ||
      snprintf(target, sizeof target, "%s%s", to, path) >= (int)sizeof target)
    return errno = ENAMETOOLONG, -1;
  if (access(source, F_OK) != 0) return 0;
  return make_parents(target) == 0 ? expose_at(source, target) : -1;
}

static int lies_below(const char *path, const char *folder)
{
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Takes `path` of the machine into the template, read-only with all that is mounted below it. */
static int expose_always(const char *path)
{
  int count = 0;
  for (; exposed[count] != NULL; count += 1)
    if (lies_below(path, exposed[count])) return 0;
  if (count == EXPOSED_MAX) return errno = E2BIG, -1;

  binds_left = BINDS_MAX;
  if (expose_below("/host", "/template", path) != 0) return -1;
  char target[PATH_MAX];
  snprintf(target, sizeof target, "/template%s", path);
  struct stat placed;
  if (lstat(target, &placed) == 0 && !S_ISLNK(placed.st_mode)) {
    struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID};
    if (syscall(SYS_mount_setattr, AT_FDCWD, target, AT_RECURSIVE, &read_only, sizeof read_only) != 0) return -1;
  }
  exposed[count] = strdup(path);
  return exposed[count] == NULL ? -1 : 0;
}

static int make_template(void)
{
  for (const char *const *path = DEVICES; *path != NULL; path += 1) {
    binds_left = 1;
    if (expose_below("/host", "/template", *path) != 0) return -1;
  }
  for (const char *const *path = USUAL_FOLDERS; *path != NULL; path += 1)
    if (expose_always(*path) != 0) return -1;
  return 0;
}

/* Fills a cell's root with all that is exposed. */
static int expose_all(const char *root)
{
  binds_left = BINDS_MAX;
  for (const char *const *path = DEVICES; *path != NULL; path += 1)
    if (expose_below("/template", root, *path) != 0) return -1;
  for (char **path = exposed; *path != NULL; path += 1)
    if (expose_below("/template", root, *path) != 0) return -1;
  return 0;
}

#endif
