/*
 * The walls that are built once, when the warden starts: namespaces, a root of its own, a filter of system calls. What a
 * run adds to them is in cell.h.
 */
#ifndef HYBRIDGRID_CONFINE_H
#define HYBRIDGRID_CONFINE_H

#include <sched.h>
#include <stdlib.h>

#include "expose.h"
#include "filter.h"
#include "messages.h"

static struct failure fail(uint32_t step)
{
  return (struct failure){.step = step, .error = errno};
}

static int write_file(const char *path, const char *text)
{
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t written = write(file, text, strlen(text));
  close(file);
  return written == (ssize_t)strlen(text) ? 0 : -1;
}

/* Who is not root becomes master of a namespace in which nobody else exists. */
static int own_user_namespace(void)
{
  char users[64], groups[64];
  snprintf(users, sizeof users, "%u %u 1", (unsigned)geteuid(), (unsigned)geteuid());
  snprintf(groups, sizeof groups, "%u %u 1", (unsigned)getegid(), (unsigned)getegid());
  if (unshare(CLONE_NEWUSER) != 0) return -1;
  if (write_file("/proc/self/setgroups", "deny") != 0 && errno != ENOENT) return -1;
  return write_file("/proc/self/uid_map", users) == 0 && write_file("/proc/self/gid_map", groups) == 0 ? 0 : -1;
}

/*
 * A root that holds the machine's tree at /host, the exposed part of it at /template, folders to mount on at /stubs, and
 * where a cell's root and its ceded folders will be.
 */
static int own_root(void)
{
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
  if (mount("hybridgrid", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1m") != 0) return -1;
  if (mkdir("/tmp/host", 0755) != 0 || mkdir("/tmp/template", 0755) != 0 || mkdir("/tmp/cell", 0755) != 0) return -1;
  if (mkdir("/tmp/stubs", 0755) != 0 || mkdir("/tmp/own", 0755) != 0) return -1;
  if (chdir("/tmp") != 0 || syscall(SYS_pivot_root, ".", "host") != 0) return -1;
  return chdir("/");
}

/* Confines this process and so all that it will start. */
static struct failure confine(void)
{
  /* Compiles die first when memory runs out, before anything the user cares for. Allowed to everyone; a nicety. */
  (void)!write_file("/proc/self/oom_score_adj", "900");
  int shared = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
  if (geteuid() != 0 && own_user_namespace() != 0) return fail(STEP_USER_NAMESPACE);
  if (unshare(shared) != 0) return fail(STEP_NAMESPACES);
  if (own_root() != 0) return fail(STEP_MOUNT_ROOT);
  if (make_template() != 0) return fail(STEP_EXPOSE);
  if (filter_system_calls() != 0) return fail(STEP_FILTER);
  return (struct failure){.step = STEP_NONE};
}

#endif
