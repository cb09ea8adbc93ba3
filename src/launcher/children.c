#include "children.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent-socket.h"
#include "descriptors.h"
#include "signals.h"
#include "wire.h"

enum {
  PIECE_BYTES = 64 * 1024, /* What a pipe holds. */
  /* A compiler that was asked to end removes its files first; for so many rounds of 2 ms it may. */
  GRACE_ROUNDS = 250,
  GRACE_ROUND_NS = 2 * 1000 * 1000
};
enum { NO_STEP, RUNNING, ENDED };

struct child {
  pid_t pid; /* 0: this place is free. */
  uint32_t number;
  bool has_group, was_killed, is_last_step;
  int pipes[2]; /* stdout, stderr; -1 when not heard. */
};

static struct child children[LAUNCHER_CHILDREN_MAX];
static int last_step = NO_STEP;
static int last_step_status;

static struct child *free_place(void) {
  for (int i = 0; i < LAUNCHER_CHILDREN_MAX; i++) {
    if (children[i].pid == 0) return &children[i];
  }
  return NULL;
}

/* Whether `variable` is what `change` sets or unsets. */
static bool is_changed_by(const char *variable, const char *change) {
  size_t name = strcspn(change, "=");
  return strncmp(variable, change, name) == 0 && variable[name] == '=';
}

static char **changed_environment(char **changes) {
  size_t size = 1, count = 0;
  for (char **variable = environ; *variable != NULL; variable++) size++;
  for (char **change = changes; *change != NULL; change++) size++;
  char **changed = reallocate(NULL, size * sizeof *changed);
  for (char **variable = environ; *variable != NULL; variable++) {
    char **change = changes;
    while (*change != NULL && !is_changed_by(*variable, *change)) change++;
    if (*change == NULL) changed[count++] = *variable;
  }
  for (char **change = changes; *change != NULL; change++) {
    if (strchr(*change, '=') != NULL) changed[count++] = *change;
  }
  changed[count] = NULL;
  return changed;
}

/* Prepares one stream of a child; `heard` becomes our end of a pipe, `given` the child's. */
static int prepare_stream(posix_spawn_file_actions_t *actions, enum stream_use use, int stream, int *heard, int *given) {
  if (use == DISCARD) return posix_spawn_file_actions_addopen(actions, stream, "/dev/null", O_WRONLY, 0);
  if (use == INHERIT) return 0;
  int ends[2];
  if (open_pipe(ends) < 0) return errno;
  *heard = ends[0];
  *given = ends[1];
  fcntl(*heard, F_SETFL, O_NONBLOCK);
  return posix_spawn_file_actions_adddup2(actions, *given, stream);
}

static int spawn(struct child *child, const struct run *run, posix_spawn_file_actions_t *actions) {
  posix_spawnattr_t attributes;
  sigset_t mask = *given_mask();
  short flags = POSIX_SPAWN_SETSIGMASK;
  posix_spawnattr_init(&attributes);
  if (child->has_group) {
    sigaddset(&mask, SIGTTOU); /* It still writes to the terminal, `stty tostop` or not. */
    flags |= POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_setpgroup(&attributes, 0);
  }
  posix_spawnattr_setsigmask(&attributes, &mask);
  posix_spawnattr_setflags(&attributes, flags);
  char **environment = changed_environment(run->env);
  int error = posix_spawnp(&child->pid, run->argv[0], actions, &attributes, run->argv, environment);
  free(environment);
  posix_spawnattr_destroy(&attributes);
  return error;
}

static void close_pipe(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

int start_child(const struct run *run) {
  struct child *place = free_place();
  if (place == NULL || child_ended_fd() < 0) return EAGAIN;
  /* With a group of its own, all that it starts can be killed; but a reader of the terminal must be in ours. */
  struct child child = {.number = run->number, .has_group = !isatty(STDIN_FILENO), .pipes = {-1, -1}};
  child.is_last_step = run->out == INHERIT && run->err == INHERIT;
  int given[2] = {-1, -1};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  int error = prepare_stream(&actions, run->out, STDOUT_FILENO, &child.pipes[0], &given[0]);
  if (error == 0) error = prepare_stream(&actions, run->err, STDERR_FILENO, &child.pipes[1], &given[1]);
  if (error == 0) error = spawn(&child, run, &actions);
  posix_spawn_file_actions_destroy(&actions);
  for (int i = 0; i < 2; i++) {
    close_pipe(&given[i]);
    if (error != 0) close_pipe(&child.pipes[i]);
  }
  if (error != 0) return error;
  *place = child;
  if (child.is_last_step) last_step = RUNNING;
  return 0;
}

static void send_signal(const struct child *child, int signal) { kill(child->has_group ? -child->pid : child->pid, signal); }

void kill_child(uint32_t number) {
  for (int i = 0; i < LAUNCHER_CHILDREN_MAX; i++) {
    struct child *child = &children[i];
    if (child->pid == 0 || child->number != number) continue;
    child->was_killed = true;
    send_signal(child, SIGTERM);
  }
}

/* Takes the child out of the table once it has ended; false while it runs. */
static bool reap(struct child *child, int options, int *status, struct rusage *usage) {
  pid_t pid = wait4(child->pid, status, options, usage);
  if (pid == 0 || (pid < 0 && errno == EINTR)) return false;
  if (pid < 0) *status = 127 << 8; /* Someone else waited for it: cannot be, but must not hang. */
  if (child->was_killed && child->has_group) kill(-child->pid, SIGKILL); /* What the driver started and left behind. */
  if (child->is_last_step) {
    last_step = ENDED;
    last_step_status = *status;
  }
  child->pid = 0;
  return true;
}

nfds_t poll_children(struct pollfd *fds) {
  nfds_t count = 0;
  for (int i = 0; i < LAUNCHER_CHILDREN_MAX; i++) {
    if (children[i].pid == 0) continue;
    if (count == 0) fds[count++] = (struct pollfd){.fd = child_ended_fd(), .events = POLLIN};
    for (int stream = 0; stream < 2; stream++) {
      int fd = children[i].pipes[stream];
      if (fd >= 0) fds[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
    }
  }
  return count;
}

/* Sends a piece of what the child wrote. */
enum passed { PASSED_ON, NOTHING_YET, AGENT_LOST };
static enum passed pass_on(struct child *child, int stream) {
  static struct bytes frame;
  begin_frame(&frame, OUTPUT);
  put_u32(&frame, child->number);
  put_u8(&frame, (uint8_t)(stream + 1));
  ssize_t count = read(child->pipes[stream], make_room(&frame, PIECE_BYTES), PIECE_BYTES);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return NOTHING_YET;
  if (count <= 0) {
    close_pipe(&child->pipes[stream]);
    return NOTHING_YET;
  }
  frame.length += (size_t)count;
  end_frame(&frame);
  return send_frame(&frame) ? PASSED_ON : AGENT_LOST;
}

static uint64_t micros(struct timeval time) { return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec; }

static bool report(uint32_t number, int status, const struct rusage *usage) {
#ifdef __APPLE__
  uint64_t max_rss_kib = (uint64_t)usage->ru_maxrss / 1024;
#else
  uint64_t max_rss_kib = (uint64_t)usage->ru_maxrss;
#endif
  struct bytes frame = {0};
  begin_frame(&frame, EXITED);
  put_u32(&frame, number);
  put_u8(&frame, WIFSIGNALED(status) ? 1 : 0);
  put_u32(&frame, (uint32_t)(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)));
  put_u64(&frame, micros(usage->ru_utime));
  put_u64(&frame, micros(usage->ru_stime));
  put_u64(&frame, max_rss_kib);
  end_frame(&frame);
  bool sent = send_frame(&frame);
  free(frame.at);
  return sent;
}

static bool serve_child(struct child *child) {
  int status;
  struct rusage usage = {0};
  bool ended = reap(child, WNOHANG, &status, &usage);
  for (int stream = 0; stream < 2; stream++) {
    enum passed passed = NOTHING_YET;
    do { /* What is in the pipe when it ends is all that counts: what it left running may hold the pipe open. */
      if (child->pipes[stream] >= 0) passed = pass_on(child, stream);
    } while (ended && passed == PASSED_ON && child->pipes[stream] >= 0);
    if (passed == AGENT_LOST) return false;
    if (ended) close_pipe(&child->pipes[stream]);
  }
  return !ended || report(child->number, status, &usage);
}

bool serve_children(void) {
  forget_child_ended();
  for (int i = 0; i < LAUNCHER_CHILDREN_MAX; i++) {
    if (children[i].pid != 0 && !serve_child(&children[i])) return false;
  }
  return true;
}

bool await_last_step(int *wait_status) {
  while (last_step == RUNNING) {
    struct pollfd ended = {.fd = child_ended_fd(), .events = POLLIN};
    wait_for(&ended, 1, -1);
    forget_child_ended();
    for (int i = 0; i < LAUNCHER_CHILDREN_MAX; i++) {
      struct rusage usage;
      if (children[i].pid != 0 && children[i].is_last_step) reap(&children[i], WNOHANG, wait_status, &usage);
    }
  }
  *wait_status = last_step_status;
  return last_step == ENDED;
}

void end_children(void) {
  struct timespec round = {.tv_nsec = GRACE_ROUND_NS};
  struct rusage usage;
  int status;
  for (int i = 0; i < LAUNCHER_CHILDREN_MAX; i++) {
    if (children[i].pid != 0) kill_child(children[i].number);
  }
  for (int i = 0; i < LAUNCHER_CHILDREN_MAX; i++) {
    struct child *child = &children[i];
    for (int rounds = 0; child->pid != 0 && !reap(child, WNOHANG, &status, &usage) && rounds < GRACE_ROUNDS; rounds++) {
      nanosleep(&round, NULL);
    }
    if (child->pid == 0) continue;
    send_signal(child, SIGKILL);
    while (!reap(child, 0, &status, &usage)) continue;
  }
}
