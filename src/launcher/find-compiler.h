/* Finds the real compiler behind the launcher's own names. */
#ifndef HG_FIND_COMPILER_H
#define HG_FIND_COMPILER_H

#include "platform.h"

/* Set in all that the launcher starts, so that it never meets itself: the compilers that were found, parted by colons. */
#define GUARD_VARIABLE "HG_LAUNCHER_ACTIVE"

/* Whether this is a compiler by its name: gcc, aarch64-linux-gnu-g++-12, /usr/bin/clang-14. */
bool looks_like_compiler(const char *word);

/* The program that `called_as` would be without us. An absolute path, or NULL when there is none. */
char *find_compiler(const char *called_as);

/* The folder of the package whose dist/ holds this program, or NULL. */
char *package_folder(void);

/* The first program of this name in PATH, as an absolute path, or NULL. */
char *find_in_path(const char *name);

/* What stands behind the last slash. */
const char *base_name(const char *path);

/* A new string, made as `printf` would. */
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
