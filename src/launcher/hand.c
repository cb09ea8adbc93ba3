#include "hand.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent-socket.h"
#include "children.h"
#include "ending.h"
#include "files.h"
#include "find-compiler.h"
#include "launcher-limits.h"
#include "prints.h"
#include "signals.h"

/* What failed since the last `run`, `exec` or `exit`. Verbs that were already on their way are void. */
static struct {
  enum operation operation;
  int error; /* 0: nothing did. */
} failure;

static void fail(enum operation operation, int error) {
  failure.operation = operation;
  failure.error = error == 0 ? EIO : error;
  drop_files();
  forget_prints();
}

/* The agent is gone, silent or talks nonsense. What the user's own last step did stands; else the compiler does it all. */
static _Noreturn void carry_on_alone(void) {
  int wait_status;
  leave_agent();
  if (await_last_step(&wait_status)) end_as(wait_status);
  compile_here(NODE_LOST);
}

static void report_failure(enum operation operation, uint32_t run) {
  struct bytes frame = {0};
  begin_frame(&frame, FAILED);
  put_u8(&frame, (uint8_t)operation);
  put_u32(&frame, (uint32_t)failure.error);
  put_u32(&frame, run);
  end_frame(&frame);
  failure.error = 0;
  if (!send_frame(&frame)) carry_on_alone();
  free(frame.at);
}

/* Prints come out before a program that has our streams, so it must be there: what is printed cannot be taken back. */
static int check_program(const char *program) {
  char *path = strchr(program, '/') == NULL ? find_in_path(program) : text("%s", program);
  int error = path == NULL ? ENOENT : access(path, X_OK) < 0 ? errno : 0;
  free(path);
  return error;
}

static bool obey_run(struct fields *fields) {
  struct run run = {.number = take_u32(fields)};
  run.out = take_u8(fields);
  run.err = take_u8(fields);
  run.argv = take_list(fields);
  run.env = take_list(fields);
  if (!well_formed(fields) || run.argv[0] == NULL || run.out > DISCARD || run.err > DISCARD) return false;
  bool shows = run.out == INHERIT || run.err == INHERIT;
  int error = failure.error != 0 ? failure.error : check_program(run.argv[0]);
  if (error == 0 && shows) release_prints();
  if (error == 0) error = start_child(&run);
  if (error == 0) return true;
  fail(FAILED_RUN, error);
  report_failure(FAILED_RUN, run.number);
  return true;
}

static bool obey_exec(struct fields *fields) {
  char **argv = take_list(fields);
  if (!well_formed(fields) || argv[0] == NULL) return false;
  if (check_program(argv[0]) != 0) return false;
  release_prints();
  return become(argv, true) == 0;
}

static bool obey_write(struct fields *fields) {
  char *path = take_string(fields);
  uint32_t mode = take_u32(fields);
  uint64_t size = take_u64(fields);
  if (!well_formed(fields) || path[0] == '\0') return false;
  if (failure.error != 0) return true;
  if (file_lacks() != 0 || !has_room_for_file()) return false;
  int error = begin_file(path, mode, size);
  if (error != 0) fail(FAILED_WRITE, error);
  free(path);
  return true;
}

static bool obey_data(struct fields *fields) {
  size_t count;
  const unsigned char *bytes = take_rest(fields, &count);
  if (failure.error != 0) return true;
  if (count > file_lacks()) return false;
  int error = add_to_file(bytes, count);
  if (error != 0) fail(FAILED_WRITE, error);
  return true;
}

static bool obey_copy(struct fields *fields) {
  char *path = take_string(fields);
  uint32_t crc = take_u32(fields);
  if (!well_formed(fields) || path[0] == '\0') return false;
  if (failure.error != 0) return true;
  if (file_lacks() == 0) return false;
  int error = copy_to_file(path, crc);
  if (error != 0) fail(FAILED_WRITE, error);
  free(path);
  return true;
}

static bool obey_commit(struct fields *fields) {
  if (!well_formed(fields)) return false;
  if (failure.error != 0) return true;
  if (file_lacks() != 0) return false;
  int error = commit_files();
  if (error != 0) fail(FAILED_COMMIT, error);
  return true;
}

static bool obey_temporary(struct fields *fields) {
  char *path = take_string(fields);
  return well_formed(fields) && add_temporary(path);
}

static bool obey_print(struct fields *fields) {
  uint8_t stream = take_u8(fields);
  size_t count;
  const unsigned char *bytes = take_rest(fields, &count);
  if (!well_formed(fields) || (stream != STDOUT_FILENO && stream != STDERR_FILENO)) return false;
  return failure.error != 0 || hold_print(stream, bytes, count);
}

static bool obey_exit(struct fields *fields) {
  uint32_t code = take_u32(fields);
  if (!well_formed(fields) || code > 255) return false;
  if (failure.error == 0) {
    if (file_lacks() != 0) return false;
    end_children();
    int error = commit_files();
    if (error != 0) fail(FAILED_COMMIT, error);
  }
  if (failure.error != 0) {
    report_failure(failure.operation, NO_RUN);
    return true;
  }
  release_prints();
  end_with((int)code);
}

static bool obey_kill(struct fields *fields) {
  uint32_t number = take_u32(fields);
  if (!well_formed(fields)) return false;
  kill_child(number);
  return true;
}

static bool obey_keepalive(struct fields *fields) { return well_formed(fields); }

/* Each returns false for nonsense. */
static const struct {
  uint8_t type;
  bool (*obey)(struct fields *fields);
} VERBS[] = {
    {RUN, obey_run},       {EXEC, obey_exec},     {WRITE, obey_write}, {DATA, obey_data},           {COPY, obey_copy},
    {COMMIT, obey_commit}, {EXIT, obey_exit},     {PRINT, obey_print}, {TEMPORARY, obey_temporary}, {KILL, obey_kill},
    {KEEPALIVE, obey_keepalive},
};

static bool obey(uint8_t type, struct fields *fields) {
  for (size_t i = 0; i < sizeof VERBS / sizeof *VERBS; i++) {
    if (VERBS[i].type == type) return VERBS[i].obey(fields);
  }
  return false;
}

/* Does all that has been heard; false for nonsense. */
static bool obey_all(void) {
  uint8_t type;
  struct fields fields;
  enum heard heard;
  while ((heard = next_frame(&type, &fields)) == HEARD_FRAME) {
    if (!obey(type, &fields)) return false;
  }
  return heard == HEARD_NOTHING;
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void serve_agent(const struct call *call) {
  if (!say_hello(call)) carry_on_alone();
  raise_guard();
  int64_t heard_at = now_ms();
  for (;;) {
    struct pollfd fds[1 + CHILDREN_POLL_MAX] = {{.fd = agent_fd(), .events = POLLIN}};
    nfds_t count = 1 + poll_children(fds + 1);
    int64_t patience = heard_at + LAUNCHER_SILENCE_MS - now_ms();
    int ready = wait_for(fds, count, patience > 0 ? (int)patience : 0);
    if (ready == 0) carry_on_alone();
    if (ready > 0 && fds[0].revents != 0) {
      if (!receive_from_agent()) carry_on_alone();
      heard_at = now_ms();
      if (!obey_all()) carry_on_alone();
    }
    if (count > 1 && !serve_children()) carry_on_alone();
  }
}
