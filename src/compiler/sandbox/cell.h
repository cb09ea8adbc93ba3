/*
 * A cell: a process that has built its walls and waits for the compiler it is to become. All that is slow (fork, namespaces,
 * mounts, which wait for other processors) is done before a compile is there to wait for it.
 */
#ifndef HYBRIDGRID_CELL_H
#define HYBRIDGRID_CELL_H

#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/resource.h>

#include "confine.h"
#include "place.h"

#ifndef SYS_close_range
#define SYS_close_range 436 /* The same on every architecture. */
#endif

/* Whom compiles run as when the node is root: nobody, everywhere. */
#define NOBODY 65534
/* Without namespaces, processes of all runs and even of the whole user are counted together. */
#define SHARED_COUNT 64

/* Files of a cell, by number; the warden keeps its own above RESERVED_FILES, so that none is in another's way. */
enum {
  FILE_COMMANDS = 3,
  FILE_READY = 4,
  FILE_PREDECESSOR = 5,
  FILE_STORE = 6,
  FILE_FIRST_FOREIGN = 7,
  RESERVED_FILES = 16,
};

/* What a cell and the warden both see, without a pipe. */
struct shared {
  struct failure failure;
  /* Spent on walls; no part of the compile. */
  struct rusage spent;
  /* The warden has let go of the predecessor's namespace. */
  volatile int predecessor_left;
};

struct cell_init {
  /* Whether it gets namespaces, or is a plain child in `folder`. */
  int confined;
  const char *folder;
  const char *disk_options;
  int standard[3];
  int commands;
  int ready;
  /* The mount namespace of the cell before it, or -1. */
  int predecessor;
  /* Folder of the content-addressed store, or -1. */
  int store;
  uint32_t number;
  struct shared *shared;
};

static struct shared *shared_with_warden;

static void give_up(uint32_t step)
{
  shared_with_warden->failure = fail(step);
  _exit(127);
}

#define TRY(step, call)           \
  do {                            \
    if ((call) != 0) give_up(step); \
  } while (0)

static int keep_own_files(const struct cell_init *init)
{
  for (int index = 0; index < 3; index += 1)
    if (dup2(init->standard[index], index) < 0) return -1;
  if (dup2(init->commands, FILE_COMMANDS) < 0 || dup2(init->ready, FILE_READY) < 0) return -1;
  const int optional[][2] = {{init->predecessor, FILE_PREDECESSOR}, {init->store, FILE_STORE}};
  for (int index = 0; index < 2; index += 1)
    if (optional[index][0] < 0) close(optional[index][1]);
    else if (dup2(optional[index][0], optional[index][1]) < 0) return -1;
  if (syscall(SYS_close_range, FILE_FIRST_FOREIGN, ~0u, 0) != 0)
    for (int file = FILE_FIRST_FOREIGN; file < 8 * CELLS; file += 1) close(file);
  for (int file = FILE_COMMANDS; file < FILE_FIRST_FOREIGN; file += 1) fcntl(file, F_SETFD, FD_CLOEXEC);
  return 0;
}

/*
 * An empty file system in memory, bounded in bytes and files, becomes the root; all else is gone. Whoever the compile will
 * be may write in it: a client's files may be anywhere but among what is exposed, which is read-only.
 */
static int own_cell_root(const struct cell_init *init)
{
  if (unshare(CLONE_NEWNS) != 0) return -1;
  if (mount("hybridgrid", "/cell", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, init->disk_options) != 0) return -1;
  umask(0);
  if (mkdir("/cell/tmp", 01777) != 0 || expose_all("/cell") != 0) return -1;
  if (give_ceded("/cell", init->disk_options) != 0) return -1;
  umask(022);
  if (chdir("/cell") != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0) return -1;
  return chdir("/");
}

static int become_nobody(void)
{
  if (geteuid() != 0) return 0;
  return setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0;
}

static int drop_capabilities(void)
{
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0}};
  return (int)syscall(SYS_capset, &header, none);
}

static int set_limits(const struct run_header *limits, uint64_t processes)
{
  const struct {
    int resource;
    uint64_t soft, hard;
  } table[] = {
      {RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1}, /* A signal that can be told apart, then the end. */
      {RLIMIT_AS, limits->memory_bytes, limits->memory_bytes},
      {RLIMIT_FSIZE, limits->file_bytes, limits->file_bytes},
      {RLIMIT_NPROC, processes, processes},
      {RLIMIT_NOFILE, limits->open_files, limits->open_files},
      {RLIMIT_CORE, 0, 0},
      {RLIMIT_MSGQUEUE, 0, 0},
  };
  for (size_t index = 0; index < sizeof table / sizeof table[0]; index += 1) {
    struct rlimit limit = {(rlim_t)table[index].soft, (rlim_t)table[index].hard}, present;
    /* What the node itself was given can only be lowered; and on 32 bits a bound may be more than there is. */
    if (getrlimit(table[index].resource, &present) != 0) return -1;
    if (limit.rlim_max > present.rlim_max || limit.rlim_max != table[index].hard) limit.rlim_max = present.rlim_max;
    if (limit.rlim_cur > limit.rlim_max || limit.rlim_cur != table[index].soft) limit.rlim_cur = limit.rlim_max;
    if (setrlimit(table[index].resource, &limit) != 0) return -1;
  }
  return 0;
}

/* Reads exactly `bytes`; at the end of the warden this cell ends too. */
static int read_all(void *target, size_t bytes)
{
  for (size_t got = 0; got < bytes;) {
    ssize_t count = read(FILE_COMMANDS, (char *)target + got, bytes - got);
    if (count == 0) _exit(0);
    if (count < 0 && errno != EINTR) return -1;
    if (count > 0) got += (size_t)count;
  }
  return 0;
}

/* Splits `count` strings off `*text`; NULL when they are not all there. */
static char **strings(char **text, const char *end, size_t count)
{
  char **list = calloc(count + 1, sizeof *list);
  for (size_t index = 0; list != NULL && index < count; index += 1) {
    char *stop = memchr(*text, '\0', (size_t)(end - *text));
    if (stop == NULL) return free(list), errno = EBADMSG, NULL;
    list[index] = *text;
    *text = stop + 1;
  }
  return list;
}

static void become_compiler(const struct cell_init *init, uint64_t shared_count)
{
  struct verb_header header;
  struct run_header run;
  TRY(STEP_REQUEST, read_all(&header, sizeof header));
  TRY(STEP_REQUEST, header.bytes < sizeof run || header.bytes > FRAME_MAX);
  TRY(STEP_REQUEST, read_all(&run, sizeof run));
  size_t bytes = header.bytes - sizeof run;
  char *text = malloc(bytes + 1), *end = text + bytes;
  TRY(STEP_REQUEST, text == NULL || read_all(text, bytes) != 0 || run.argc == 0 || run.argc > bytes || run.envc > bytes);
  char **cwd = strings(&text, end, 1), **argv = cwd == NULL ? NULL : strings(&text, end, run.argc);
  char **env = argv == NULL ? NULL : strings(&text, end, run.envc);
  TRY(STEP_REQUEST, env == NULL || cwd[0][0] != '/');

  getrusage(RUSAGE_SELF, &shared_with_warden->spent);
  uint32_t step;
  if (run.placing && place_tree(FILE_STORE, &step) != 0) give_up(step);
  const char *below = cwd[0] + 1;
  TRY(STEP_ENTER_FOLDER, chdir(init->confined ? cwd[0] : *below != '\0' ? below : "."));
  TRY(STEP_LIMIT, set_limits(&run, run.processes * shared_count));
  execve(argv[0], argv, env);
  give_up(STEP_EXEC);
}

/* The whole life of a cell, up to the compiler's. */
static void live_as_cell(const struct cell_init *init)
{
  shared_with_warden = init->shared;
  umask(022);
  setsid();
  TRY(STEP_MAKE_CELL, keep_own_files(init));
  TRY(STEP_MAKE_CELL, init->confined ? own_cell_root(init) : chdir(init->folder));
  TRY(STEP_DROP_PRIVILEGES, become_nobody());
  /* A user namespace in which no user is mapped, where the machine allows it: in it processes are counted for this run
   * alone, and out of it no further one can be made. */
  uint64_t shared_count = init->confined && unshare(CLONE_NEWUSER) == 0 ? 1 : SHARED_COUNT;
  TRY(STEP_DROP_PRIVILEGES, drop_capabilities());
  signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  /* After all changes of user, which forget it. Should the warden be gone already, there will be no command to read. */
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  /* The last to let go of a mount namespace waits for other processors; that is this cell, and not the warden. */
  while (!init->shared->predecessor_left) sched_yield();
  close(FILE_PREDECESSOR);
  TRY(STEP_MAKE_CELL, write(FILE_READY, &init->number, sizeof init->number) != sizeof init->number);
  become_compiler(init, shared_count);
}

#endif
