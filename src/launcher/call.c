#include "call.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ending.h"
#include "find-compiler.h"
#include "signals.h"
#include "wire.h"

/* Options of hgbuild that stand in front of a compiler. Whatever is not here is for Node to understand. */
static const struct {
  const char *option, *variable, *value;
} OPTIONS[] = {
    {"--no-remote", "HG_REMOTE", "off"}, {"--no-cache", "HG_CACHE", "off"}, {"--no-fallback", "HG_FALLBACK", "off"},
    {"--quiet", "HG_QUIET", "1"},        {"-v", "HG_VERBOSE", "1"},
};
enum { OPTION_COUNT = sizeof OPTIONS / sizeof *OPTIONS };

static int option_of(const char *word) {
  int option = 0;
  while (option < OPTION_COUNT && strcmp(word, OPTIONS[option].option) != 0) option++;
  return option;
}

/* bin/hgbuild starts us as dist/launcher: a shell cannot choose the name. */
static bool is_hgbuild(const char *called_as) {
  const char *name = base_name(called_as);
  return strcmp(name, "hgbuild") == 0 || strcmp(name, "launcher") == 0;
}

/*
 * To people only: `CC="hgbuild gcc" ./configure` takes words on stderr for a warning. People type `cc` or `c++`, ask for
 * words with -v, or sit before a terminal; what is part of an hgbuild around it is told in that one's summary.
 */
static bool announces_place(const char *tool) {
  if (getenv("HG_BUILD") != NULL) return false;
  return strcmp(tool, "cc") == 0 || strcmp(tool, "c++") == 0 || getenv("HG_VERBOSE") != NULL || isatty(STDERR_FILENO);
}

static struct call compile_with(char **words, bool by_hgbuild) {
  bool is_path = strchr(words[0], '/') != NULL;
  /* As a shell would: another compiler of that name, somewhere in PATH, is not what was asked for. */
  bool missing = by_hgbuild && is_path && access(words[0], F_OK) < 0;
  char *compiler = missing ? NULL : find_compiler(words[0]);
  if (compiler == NULL) complain(EXIT_NOT_FOUND, NULL, is_path ? "no compiler %s" : "no compiler %s in PATH", words[0]);
  return (struct call){words[0], compiler, words + 1, by_hgbuild, by_hgbuild && announces_place(words[0])};
}

struct call read_call(char **argv) {
  static char *no_words[] = {"hgbuild", NULL};
  if (argv[0] == NULL) argv = no_words;
  if (!is_hgbuild(argv[0])) return compile_with(argv, false);
  char **words = argv + 1;
  while (*words != NULL && option_of(*words) < OPTION_COUNT) words++;
  if (*words == NULL || !looks_like_compiler(*words)) {
    become_node(argv + 1);
    complain(EXIT_NOT_FOUND, "put `node` in PATH, and build the package with `npm run build`",
             "needs Node 22.15 or newer and its own dist/hgbuild.js");
  }
  for (char **word = argv + 1; word < words; word++) {
    setenv(OPTIONS[option_of(*word)].variable, OPTIONS[option_of(*word)].value, 1);
  }
  return compile_with(words, true);
}

void become_node(char **args) {
  char *package = package_folder();
  if (package == NULL) return;
  char *script = text("%s/dist/hgbuild.js", package);
  char *node = text("%s/node_modules/node/bin/node", package);
  if (access(script, R_OK) < 0) return;
  if (access(node, X_OK) < 0) node = find_in_path("node");
  if (node == NULL) return;
  size_t count = 0;
  while (args[count] != NULL) count++;
  char **argv = reallocate(NULL, (count + 3) * sizeof *argv);
  argv[0] = node;
  argv[1] = script;
  memcpy(argv + 2, args, (count + 1) * sizeof *argv);
  /* Node starts with the signals as it wants them; what nohup wants is for what it runs. */
  char *ignored = ignored_signals();
  if (*ignored != '\0') setenv("HG_IGNORED_SIGNALS", ignored, 1);
  execv(node, argv);
}
