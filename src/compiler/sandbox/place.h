/*
 * How a client's files come into a cell: the cell copies them from the content-addressed store into its own root, where it
 * already is nobody, before it becomes the compiler. What it is to place stands in a list, which the node leaves in the root.
 */
#ifndef HYBRIDGRID_PLACE_H
#define HYBRIDGRID_PLACE_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "messages.h"

/* Copied at a time: nearly every header at once. */
#define COPY_BYTES (128 * 1024)

/* Next of the strings that each end with a NUL; NULL at the end of the list. */
static char *next_string(char **next, const char *end)
{
  char *string = *next, *stop = memchr(string, '\0', (size_t)(end - string));
  if (stop == NULL) return NULL;
  *next = stop + 1;
  return string;
}

static int make_folder(char *path)
{
  if (mkdir(path, 0777) == 0 || errno == EEXIST) return 0;
  char *slash = strrchr(path, '/');
  if (errno != ENOENT || slash == NULL || slash == path) return -1;
  *slash = '\0';
  int failed = make_folder(path);
  *slash = '/';
  return failed != 0 || (mkdir(path, 0777) != 0 && errno != EEXIST) ? -1 : 0;
}

static int copy_content(int source, int target)
{
  static char buffer[COPY_BYTES];
  ssize_t got;
  while ((got = read(source, buffer, sizeof buffer)) > 0)
    for (ssize_t written = 0, count; written < got; written += count)
      if ((count = write(target, buffer + written, (size_t)(got - written))) < 0) return -1;
  return (int)got;
}

/* A file `name` in the present folder, as `from` is in the store. Never through a link, never a file twice. */
static int place_file(int store, const char *from, const char *name, const char *seconds)
{
  int source = openat(store, from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (source < 0) return -1;
  int target = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (target < 0) return close(source), -1;
  const struct timespec time = {.tv_sec = (time_t)strtoll(seconds, NULL, 10)}, times[2] = {time, time};
  int failed = copy_content(source, target) != 0 || futimens(target, times) != 0;
  int error = errno;
  close(source);
  close(target);
  errno = error;
  return failed ? -1 : 0;
}

/* Obeys the list; tells in `step` what it was about when it failed. */
static int place_listed(int store, char *next, const char *end, uint32_t *step)
{
  for (char *entry, *from, *seconds; (entry = next_string(&next, end)) != NULL;) {
    char *value = entry + 1;
    switch (entry[0]) {
    case PLACE_FOLDER:
    case PLACE_IN_FOLDER:
      *step = STEP_PLACE_FOLDER;
      if (make_folder(value) != 0 || (entry[0] == PLACE_IN_FOLDER && chdir(value) != 0)) return -1;
      break;
    case PLACE_FILE:
      *step = STEP_PLACE_FILE;
      from = next_string(&next, end);
      seconds = from == NULL ? NULL : next_string(&next, end);
      if (seconds == NULL) return errno = EBADMSG, -1;
      if (place_file(store, from, value, seconds) != 0) return -1;
      break;
    case PLACE_LINK:
      *step = STEP_PLACE_LINK;
      from = next_string(&next, end);
      if (from == NULL) return errno = EBADMSG, -1;
      if (symlink(from, value) != 0) return -1;
      break;
    default:
      *step = STEP_PLACE_LIST;
      return errno = EBADMSG, -1;
    }
  }
  return 0;
}

/* Places what the list in this root says, and removes it. */
static int place_tree(int store, uint32_t *step)
{
  struct stat found;
  *step = STEP_PLACE_LIST;
  int file = open(PLACE_LIST, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0 || fstat(file, &found) != 0 || unlink(PLACE_LIST) != 0) return -1;
  size_t bytes = (size_t)found.st_size;
  if (bytes == 0) return close(file);
  /* Private, because paths are cut in place. */
  char *text = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  close(file);
  if (text == MAP_FAILED) return -1;
  int failed = place_listed(store, text, text + bytes, step);
  return failed;
}

#endif
