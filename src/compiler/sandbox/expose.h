/*
 * How a compile comes to see folders of the machine, read-only. They are bound once, at the start, below /template, and
 * from there into each cell's root.
 */
#ifndef HYBRIDGRID_EXPOSE_H
#define HYBRIDGRID_EXPOSE_H

#include <fcntl.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shown.h"

/* Folders exposed at most: the usual ones, those of cross compilers, the prefixes of compilers installed elsewhere. */
#define EXPOSED_MAX 512

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

static const char *const DEVICES[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", NULL};

static char *exposed[EXPOSED_MAX + 1];

/* Makes the folders above `path`; those that stand already are fine. */
static int make_parents(char *path)
{
  for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    int failed = mkdir(path, 0777) != 0 && errno != EEXIST;
    *slash = '/';
    if (failed) return -1;
  }
  return 0;
}

/* Binds `from` on `to`, or copies it if it is a link. */
static int bind_at(const char *from, const char *to, const struct stat *found)
{
  if (S_ISLNK(found->st_mode)) {
    char target[PATH_MAX];
    ssize_t length = readlink(from, target, sizeof target - 1);
    if (length < 0) return -1;
    target[length] = '\0';
    return symlink(target, to);
  }
  if (S_ISDIR(found->st_mode)) {
    if (mkdir(to, 0755) != 0 && errno != EEXIST) return -1; /* It may be there as the parent of another. */
  } else {
    int file = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444);
    if (file < 0) return -1;
    close(file);
  }
  return mount(from, to, NULL, MS_BIND | MS_REC, NULL);
}

/* Shows `path` of the tree at `from` below `to`, if it is there. */
static int expose_below(const char *from, const char *to, const char *path)
{
  char source[PATH_MAX], target[PATH_MAX];
  struct stat found;
  if (snprintf(source, sizeof source, "%s%s", from, path) >= (int)sizeof source ||
      snprintf(target, sizeof target, "%s%s", to, path) >= (int)sizeof target)
    return errno = ENAMETOOLONG, -1;
  if (lstat(source, &found) != 0) return 0;
  return make_parents(target) == 0 ? bind_at(source, target, &found) : -1;
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

  if (expose_below("/host", "/template", path) != 0) return -1;
  char target[PATH_MAX];
  snprintf(target, sizeof target, "/template%s", path);
  struct stat placed;
  if (lstat(target, &placed) != 0) return 0; /* Not on this machine. */
  if (!S_ISLNK(placed.st_mode)) {
    struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID};
    if (syscall(SYS_mount_setattr, AT_FDCWD, target, AT_RECURSIVE, &read_only, sizeof read_only) != 0) return -1;
  }
  exposed[count] = strdup(path);
  return exposed[count] == NULL ? -1 : 0;
}

static int make_template(void)
{
  for (const char *const *path = DEVICES; *path != NULL; path += 1)
    if (expose_below("/host", "/template", *path) != 0) return -1;
  return show_usual("/host", expose_always);
}

/* Fills a cell's root with all that is exposed. */
static int expose_all(const char *root)
{
  for (const char *const *path = DEVICES; *path != NULL; path += 1)
    if (expose_below("/template", root, *path) != 0) return -1;
  for (char **path = exposed; *path != NULL; path += 1)
    if (expose_below("/template", root, *path) != 0) return -1;
  return 0;
}

#endif
