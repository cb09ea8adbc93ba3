#include "find-compiler.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#else
#include <sys/auxv.h>
#endif

#include "wire.h"

/* What a shell would search when PATH is not set. */
#define USUAL_PATH "/usr/local/bin:/usr/bin:/bin"

static const char *const COMPILERS[] = {"cc", "gcc", "c++", "g++", "clang", "clang++"};

bool looks_like_compiler(const char *word) {
  const char *name = base_name(word);
  size_t length = strlen(name);
  size_t unversioned = length;
  while (unversioned > 0 && (isdigit((unsigned char)name[unversioned - 1]) || name[unversioned - 1] == '.')) unversioned--;
  if (unversioned < length && unversioned > 0 && name[unversioned - 1] == '-') length = unversioned - 1;
  for (size_t i = 0; i < sizeof COMPILERS / sizeof *COMPILERS; i++) {
    size_t wanted = strlen(COMPILERS[i]);
    if (length < wanted || strncmp(name + length - wanted, COMPILERS[i], wanted) != 0) continue;
    if (length == wanted || name[length - wanted - 1] == '-') return true;
  }
  return false;
}

static char *absolute(char *path) {
  if (path[0] == '/') return path;
  char cwd[PATH_MAX];
  return getcwd(cwd, sizeof cwd) == NULL ? NULL : text("%s/%s", cwd, path);
}

#ifdef __APPLE__
static const char *own_path(void) {
  static char path[PATH_MAX];
  uint32_t size = sizeof path;
  return _NSGetExecutablePath(path, &size) == 0 ? path : "";
}
#else
static const char *own_path(void) {
  /* Right even while a rebuild replaces the file; but a chroot may have no /proc. */
  if (access("/proc/self/exe", F_OK) == 0) return "/proc/self/exe";
  const char *path = (const char *)getauxval(AT_EXECFN);
  return path == NULL ? "" : path;
}
#endif

static bool same_file(const char *path, const struct stat *file) {
  struct stat other;
  return stat(path, &other) == 0 && other.st_ino == file->st_ino && other.st_dev == file->st_dev;
}

/* Beside a launcher that stands in for /usr/bin/gcc, `.real-gcc` links to that. */
static char *real_beside(const char *called_as) {
  size_t folder = (size_t)(base_name(called_as) - called_as);
  char target[PATH_MAX];
  char *link = text("%.*s.real-%s", (int)folder, called_as, called_as + folder);
  ssize_t length = readlink(link, target, sizeof target - 1);
  free(link);
  if (length < 0) return NULL;
  target[length] = '\0';
  return absolute(target[0] == '/' ? text("%s", target) : text("%.*s%s", (int)folder, called_as, target));
}

/* This program; or one of its copies, of which each compiler has its own (src/cli/compilers-folder.ts). */
static bool is_launcher(const char *path, const struct stat *file) {
  static struct stat own;
  if (own.st_ino == 0) stat(own_path(), &own);
  return (own.st_ino == file->st_ino && own.st_dev == file->st_dev) || real_beside(path) != NULL;
}

/* A compiler that called us again is a wrapper that looks for the next one in PATH: ccache, a script. */
static bool already_met(const struct stat *file) {
  const char *met = getenv(GUARD_VARIABLE);
  while (met != NULL && *met != '\0') {
    size_t length = strcspn(met, ":");
    if (met[0] == '/' && same_file(text("%.*s", (int)length, met), file)) return true;
    met += length + (met[length] == ':');
  }
  return false;
}

static bool is_program(const char *path, struct stat *file) {
  return stat(path, file) == 0 && S_ISREG(file->st_mode) && access(path, X_OK) == 0;
}

/* The first program in PATH that is neither us nor met already; if all were met, the first of those. */
static char *search_path(const char *name, bool passes_over) {
  const char *path = getenv("PATH");
  char *met = NULL;
  if (path == NULL) path = USUAL_PATH;
  for (;;) {
    size_t length = strcspn(path, ":");
    char *candidate = length == 0 ? text("./%s", name) : text("%.*s/%s", (int)length, path, name);
    struct stat file;
    if (is_program(candidate, &file) && !(passes_over && is_launcher(candidate, &file))) {
      if (!passes_over || !already_met(&file)) return absolute(candidate);
      if (met == NULL) met = candidate;
    }
    if (path[length] == '\0') return met == NULL ? NULL : absolute(met);
    path += length + 1;
  }
}

char *find_in_path(const char *name) { return search_path(name, false); }

char *find_compiler(const char *called_as) {
  const char *name = base_name(called_as);
  char *beside = NULL;
  if (name != called_as) {
    struct stat file;
    bool is_other = stat(called_as, &file) == 0 && !is_launcher(called_as, &file);
    if (is_other) return absolute(text("%s", called_as));
    beside = real_beside(called_as);
    /* A wrapper that was met already has found us in PATH when it looked there for the next one. */
    if (beside != NULL && !(stat(beside, &file) == 0 && already_met(&file))) return beside;
  }
  char *found = search_path(name, true);
  return found == NULL ? beside : found;
}

char *package_folder(void) {
  char path[PATH_MAX];
  if (realpath(own_path(), path) == NULL) return NULL;
  for (int levels = 0; levels < 2; levels++) {
    char *slash = strrchr(path, '/');
    if (slash == NULL) return NULL;
    *slash = '\0';
  }
  return text("%s", path);
}

const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

char *text(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *string = reallocate(NULL, (size_t)length + 1);
  va_start(arguments, format);
  vsnprintf(string, (size_t)length + 1, format, arguments);
  va_end(arguments);
  return string;
}
