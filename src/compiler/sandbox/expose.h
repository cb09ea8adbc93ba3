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
/* Folders ceded at most: CEDED_MAX in limits.ts. */
#define CEDED_MAX 64

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
static char *ceded[CEDED_MAX + 1];

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

/* What is exposed around `path`; NULL if nothing is. */
static const char *exposed_around(const char *path)
{
  for (char **folder = exposed; *folder != NULL; folder += 1)
    if (strcmp(path, *folder) != 0 && lies_below(path, *folder)) return *folder;
  return NULL;
}

/* Makes all that are ceded below /stubs/<layer>. */
static int make_stubs(int layer)
{
  for (char **folder = ceded; *folder != NULL; folder += 1) {
    char stub[PATH_MAX];
    if (snprintf(stub, sizeof stub, "/stubs/%d%s/", layer, *folder) >= (int)sizeof stub) return errno = ENAMETOOLONG, -1;
    if (make_parents(stub) != 0) return -1;
  }
  return 0;
}

/* Lays the folders of /stubs/<layer> over `around` in the template: places to mount on, where the machine may have none. */
static int lay_over(const char *around, int layer)
{
  char target[PATH_MAX], options[3 * PATH_MAX];
  snprintf(target, sizeof target, "/template%s", around);
  snprintf(options, sizeof options, "lowerdir=/stubs/%d%s:/host%s", layer, around, around);
  return mount("hybridgrid", target, "overlay", MS_RDONLY | MS_NOSUID | MS_NODEV, options);
}

/*
 * Makes `path`, which lies below something exposed, the client's own in all cells to come, whatever the machine has there.
 * Each time in a new layer with all the others: the one before may still be shown in cells.
 */
static int cede_always(const char *path)
{
  int count = 0;
  for (; ceded[count] != NULL; count += 1)
    if (strcmp(path, ceded[count]) == 0) return 0;
  const char *around = exposed_around(path);
  if (around == NULL || count == CEDED_MAX) return errno = around == NULL ? ENOENT : E2BIG, -1;
  if ((ceded[count] = strdup(path)) == NULL) return -1;
  if (make_stubs(count) == 0 && lay_over(around, count) == 0) return 0;
  ceded[count] = NULL;
  return -1;
}

/* Whether this kernel lets us cede folders. */
static int can_cede(void)
{
  if (mkdir("/stubs/0", 0755) != 0) return 0;
  if (mount("hybridgrid", "/own", "overlay", MS_RDONLY, "lowerdir=/stubs/0:/template") != 0) return 0;
  return umount2("/own", MNT_DETACH) == 0;
}

/* Gives a cell its own folders where they are ceded: in memory as its root, bounded as that. */
static int give_ceded(const char *root, const char *disk_options)
{
  if (ceded[0] == NULL) return 0;
  if (mount("hybridgrid", "/own", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, disk_options) != 0) return -1;
  for (int index = 0; ceded[index] != NULL; index += 1) {
    char own[32], target[PATH_MAX];
    snprintf(own, sizeof own, "/own/%d", index);
    if (snprintf(target, sizeof target, "%s%s", root, ceded[index]) >= (int)sizeof target) return errno = ENAMETOOLONG, -1;
    if (mkdir(own, 0777) != 0 || mount(own, target, NULL, MS_BIND, NULL) != 0) return -1;
  }
  return 0;
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
