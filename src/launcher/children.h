/* Programs that the agent has us run: on our terminal, with our rights, heard through pipes where it asks for that. */
#ifndef HG_CHILDREN_H
#define HG_CHILDREN_H

#include "platform.h"

#include <poll.h>

#include "launcher-limits.h"

enum stream_use { INHERIT, SEND, DISCARD };

struct run {
  uint32_t number;
  enum stream_use out, err;
  char **argv;
  /* NAME=value sets, NAME unsets. */
  char **env;
};

/* 0 or an errno. */
int start_child(const struct run *run);

/* SIGTERM; it is reported as any other end. */
void kill_child(uint32_t number);

/* What to poll for, and what to do after; `serve_children` is false once the agent is lost. */
enum { CHILDREN_POLL_MAX = 1 + 2 * LAUNCHER_CHILDREN_MAX };
nfds_t poll_children(struct pollfd *fds);
bool serve_children(void);

/* Whether a run with both streams our own was started: the call's own last step. Waits for it and gives its status. */
bool await_last_step(int *wait_status);

/* Kills all and waits until they are gone. */
void end_children(void);

#endif
