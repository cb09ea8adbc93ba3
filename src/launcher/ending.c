#include "ending.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent-socket.h"
#include "children.h"
#include "files.h"
#include "find-compiler.h"
#include "signals.h"
#include "wire.h"

static const struct {
  const char *place;
  const char *error;
  const char *hint;
} ALONE[] = {
    [NO_NODE] = {"no-node", "no node answers on this machine",
                 "start one with `hg node start`; without --no-fallback it would have been compiled here"},
    [NODE_LOST] = {"node-lost", "the node on this machine was lost during the compile",
                   "see `hg node logs`; without --no-fallback it would have been compiled here"},
};

static const struct call *call;

void prepare_ending(const struct call *the_call) { call = the_call; }

void leave_nothing(void) {
  end_children();
  drop_files();
  remove_temporaries();
}

void compile_here(enum alone why) {
  leave_nothing();
  const char *fallback = getenv("HG_FALLBACK");
  if (fallback != NULL && strcmp(fallback, "off") == 0) complain(EXIT_NO_FALLBACK, ALONE[why].hint, "%s", ALONE[why].error);
  if (call->announces_place && getenv("HG_QUIET") == NULL) dprintf(STDERR_FILENO, "[local %s]\n", ALONE[why].place);
  become_compiler();
}

void become_compiler(void) {
  size_t count = 0;
  while (call->args[count] != NULL) count++;
  char **argv = reallocate(NULL, (count + 2) * sizeof *argv);
  argv[0] = call->compiler;
  memcpy(argv + 1, call->args, (count + 1) * sizeof *argv);
  int error = become(argv, false);
  complain(error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUNNABLE, NULL, "cannot run %s: %s", call->compiler, strerror(error));
}

int become(char *const *argv, bool keeps_agent) {
  leave_nothing();
  raise_guard();
  if (keeps_agent) keep_agent_open();
  give_signals_back();
  execvp(argv[0], argv);
  return errno;
}

void end_with(int code) {
  leave_nothing();
  _exit(code);
}

void end_as(int wait_status) {
  leave_nothing();
  if (WIFEXITED(wait_status)) _exit(WEXITSTATUS(wait_status));
  die_by_signal(WTERMSIG(wait_status));
}

void complain(int code, const char *hint, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  dprintf(STDERR_FILENO, "hgbuild: error: ");
  vdprintf(STDERR_FILENO, format, arguments);
  va_end(arguments);
  dprintf(STDERR_FILENO, hint == NULL ? "\n" : "\n  hint: %s\n", hint);
  _exit(code);
}

void raise_guard(void) {
  static bool raised;
  if (raised) return;
  raised = true;
  const char *met = getenv(GUARD_VARIABLE);
  setenv(GUARD_VARIABLE, met == NULL || *met == '\0' ? call->compiler : text("%s:%s", met, call->compiler), 1);
}
