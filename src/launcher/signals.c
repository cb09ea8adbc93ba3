#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "descriptors.h"
#include "ending.h"
#include "find-compiler.h"

static const int ENDING[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { ENDINGS = sizeof ENDING / sizeof *ENDING };
/* Those behind it, which only Linux has, mean nothing to other programs. */
enum { SIGNAL_LAST = 31 };

static bool taken;
static sigset_t given, held;
static struct sigaction given_child_action;
static int child_ended[2] = {-1, -1};

static void on_end(int signal) {
  leave_nothing();
  die_by_signal(signal);
}

static void on_too_large(int signal) { (void)signal; }

static void on_child(int signal) {
  (void)signal;
  int error = errno;
  if (write(child_ended[1], "", 1) < 0) errno = error; /* Full: it says so already. */
}

/* What was ignored stays so: nohup wants none of it. */
static void take(int signal, const struct sigaction *action) {
  struct sigaction before;
  sigaction(signal, action, &before);
  if (before.sa_handler == SIG_IGN) sigaction(signal, &before, NULL);
}

void take_signals(void) {
  sigemptyset(&held);
  sigaddset(&held, SIGCHLD);
  for (int i = 0; i < ENDINGS; i++) sigaddset(&held, ENDING[i]);
  sigprocmask(SIG_BLOCK, &held, &given);
  taken = true;
  struct sigaction end = {.sa_handler = on_end, .sa_mask = held};
  for (int i = 0; i < ENDINGS; i++) take(ENDING[i], &end);
  /* A file over `ulimit -f` is one that cannot be written. Not ignored: what we start or become would be deaf to it, too. */
  struct sigaction too_large = {.sa_handler = on_too_large};
  take(SIGXFSZ, &too_large);
}

char *ignored_signals(void) {
  char *numbers = text("%s", "");
  for (int signal = 1; signal <= SIGNAL_LAST; signal++) {
    struct sigaction now;
    if (sigaction(signal, NULL, &now) < 0 || now.sa_handler != SIG_IGN) continue;
    char *more = text("%s%s%d", numbers, *numbers == '\0' ? "" : " ", signal);
    free(numbers);
    numbers = more;
  }
  return numbers;
}

int wait_for(struct pollfd *fds, nfds_t count, int timeout_ms) {
  let_signals_in();
  int ready = poll(fds, count, timeout_ms);
  int error = errno;
  hold_signals();
  errno = error;
  return ready;
}

int child_ended_fd(void) {
  if (child_ended[0] >= 0) return child_ended[0];
  if (open_pipe(child_ended) < 0) return -1;
  fcntl(child_ended[0], F_SETFL, O_NONBLOCK);
  fcntl(child_ended[1], F_SETFL, O_NONBLOCK);
  struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
  sigaction(SIGCHLD, &action, &given_child_action);
  return child_ended[0];
}

void forget_child_ended(void) {
  char bytes[64];
  while (read(child_ended[0], bytes, sizeof bytes) > 0) continue;
}

const sigset_t *given_mask(void) { return &given; }

void let_signals_in(void) {
  sigset_t waiting = given;
  sigdelset(&waiting, SIGCHLD);
  sigprocmask(SIG_SETMASK, &waiting, NULL);
}

void hold_signals(void) { sigprocmask(SIG_BLOCK, &held, NULL); }

void give_signals_back(void) {
  if (!taken) return;
  struct sigaction usual = {.sa_handler = SIG_DFL}, now;
  for (int i = 0; i < ENDINGS; i++) {
    sigaction(ENDING[i], NULL, &now);
    if (now.sa_handler != SIG_IGN) sigaction(ENDING[i], &usual, NULL);
  }
  if (child_ended[0] >= 0) sigaction(SIGCHLD, &given_child_action, NULL);
  sigprocmask(SIG_SETMASK, &given, NULL);
}

void die_by_signal(int signal) {
  struct sigaction usual = {.sa_handler = SIG_DFL};
  sigaction(signal, &usual, NULL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  sigprocmask(SIG_UNBLOCK, &only, NULL);
  raise(signal);
  _exit(128 + signal);
}
