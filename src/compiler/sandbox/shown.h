/*
 * Which of the machine's folders a compile sees: what compilers need to run, and neither headers nor libraries' sources,
 * so that a client's compile means the same on every worker. Mirrored in shown-paths.ts.
 */
#ifndef HYBRIDGRID_SHOWN_H
#define HYBRIDGRID_SHOWN_H

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Shown as they are, where the machine has them. */
static const char *const SHOWN_WHOLE[] = {
    "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr/share/locale", "/etc/alternatives", "/etc/ld.so.cache",
    NULL,
};
static const char *const NOT_OF_USR[] = {"include", "src", "obj", "share", "local", "games", NULL};
static const char *const OF_LOCAL[] = {"bin", "sbin", NULL};
static const char *const NOT_OF_CROSS[] = {"include", NULL};

static int is_among(const char *name, const char *const *names)
{
  for (; *names != NULL; names += 1)
    if (strcmp(name, *names) == 0) return 1;
  return 0;
}

/* Of `/usr/aarch64-linux-gnu`: only names of targets have two dashes here. */
static int names_target(const char *name)
{
  const char *dash = strchr(name, '-');
  return dash != NULL && strchr(dash + 1, '-') != NULL;
}

static int is_of_usr(const char *name)
{
  return !is_among(name, NOT_OF_USR);
}

static int is_of_local(const char *name)
{
  return is_among(name, OF_LOCAL) || strncmp(name, "lib", 3) == 0 || names_target(name);
}

static int is_of_cross(const char *name)
{
  return !is_among(name, NOT_OF_CROSS);
}

/* Calls `show` with each child of `folder`, a path below `host`, that is `wanted`; those that name a target child by child. */
static int show_children(const char *host, const char *folder, int (*wanted)(const char *), int (*show)(const char *))
{
  char path[PATH_MAX];
  struct stat found;
  if (snprintf(path, sizeof path, "%s%s", host, folder) >= (int)sizeof path) return errno = ENAMETOOLONG, -1;
  if (lstat(path, &found) != 0 || !S_ISDIR(found.st_mode)) return 0; /* A link leads to what is not shown. */
  DIR *names = opendir(path);
  if (names == NULL) return 0;
  int result = 0;
  for (struct dirent *entry; result == 0 && (entry = readdir(names)) != NULL;) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || !wanted(name)) continue;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) continue;
    result = wanted != is_of_cross && names_target(name) ? show_children(host, path, is_of_cross, show) : show(path);
  }
  closedir(names);
  return result;
}

/* Calls `show` with the path of everything that each compile sees of the tree at `host`. */
static int show_usual(const char *host, int (*show)(const char *))
{
  if (show_children(host, "/usr", is_of_usr, show) != 0) return -1;
  if (show_children(host, "/usr/local", is_of_local, show) != 0) return -1;
  for (const char *const *path = SHOWN_WHOLE; *path != NULL; path += 1)
    if (show(*path) != 0) return -1;
  return 0;
}

#endif
