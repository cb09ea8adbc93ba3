/*
 * The warden: one process beside the node that runs compilers for strangers, each in a cell of its own. It stays, because
 * what it prepares ahead would cost every compile several milliseconds. Spec: docs/sandbox.md
 *
 *   sandbox namespaces PRINTED_BYTES DISK_BYTES FILES [STORE]   cells are confined; fails if the kernel does not allow it
 *   sandbox plain PRINTED_BYTES FOLDER                          cells are children in FOLDER/<cell>, with limits only
 */
#define _GNU_SOURCE

#ifdef __linux__
#include <poll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>

#include "cell.h"

enum state { EMPTY, PREPARING, WAITING, RUNNING };

struct cell {
  enum state state;
  pid_t pid;
  /* Write end of its commands. */
  int commands;
  /* What it prints goes to memory: as bounded as a pipe, and the warden need not keep up with it. */
  int printed[2];
  /* Held so that its end is not slowed by the end of its mounts; -1 if there is none. */
  int mounts;
  uint64_t started_micros;
  uint64_t deadline_micros;
  int timed_out;
};

static struct cell cells[CELLS];
static struct shared *shared;
static int confined;
static const char *work_folder;
static char disk_options[128];
static off_t printed_max;
static int nothing;
/* Folder of the content-addressed store, from which client's files are placed; -1 without. */
static int store = -1;
static int ready[2];
static _Alignas(8) char frame[FRAME_MAX];
static size_t filled;

static uint64_t now_micros(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static uint64_t micros_since(struct timeval time, struct timeval earlier)
{
  int64_t micros = ((int64_t)time.tv_sec - earlier.tv_sec) * 1000000 + time.tv_usec - earlier.tv_usec;
  return micros > 0 ? (uint64_t)micros : 0;
}

static int write_all(int file, const void *bytes, size_t count)
{
  for (size_t sent = 0; sent < count;) {
    ssize_t written = write(file, (const char *)bytes + sent, count - sent);
    if (written < 0 && errno != EINTR) return -1;
    if (written > 0) sent += (size_t)written;
  }
  return 0;
}

/* A node that no longer takes what we say is gone, and we with it; the kernel then ends all cells. */
static void tell(const void *bytes, size_t count)
{
  if (write_all(STDOUT_FILENO, bytes, count) != 0) exit(1);
}

static void say(struct report_frame report)
{
  tell(&report, sizeof report);
}

static void say_failed(uint32_t report, uint32_t number, struct failure failure)
{
  say((struct report_frame){
      .report = report, .cell = number, .outcome = OUTCOME_FAILED, .step = failure.step, .value = (uint32_t)failure.error});
}

/* A file that cannot grow: what is printed beyond is refused. Its offset tells how much there is. */
static int bounded_file(void)
{
  int file = memfd_create("printed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return -1;
  if (ftruncate(file, printed_max) == 0 && fcntl(file, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) == 0) return file;
  return close(file), -1;
}

static void close_all(struct cell *cell)
{
  if (cell->state == EMPTY) return;
  close(cell->commands);
  close(cell->printed[0]);
  close(cell->printed[1]);
  cell->state = EMPTY;
}

static struct failure prepare(uint32_t number)
{
  struct cell *cell = &cells[number];
  int commands[2], predecessor = cell->mounts;
  close_all(cell); /* A cell that waits reads the end of its commands, and ends. */
  cell->mounts = -1;
  if (pipe2(commands, O_CLOEXEC) != 0) return fail(STEP_MAKE_CELL);
  *cell = (struct cell){.state = PREPARING, .commands = commands[1], .mounts = -1};
  for (int stream = 0; stream < 2; stream += 1) cell->printed[stream] = bounded_file();
  char folder[PATH_MAX];
  snprintf(folder, sizeof folder, "%s/%u", work_folder == NULL ? "" : work_folder, number);
  struct cell_init init = {
      .confined = confined,
      .folder = folder,
      .disk_options = disk_options,
      .standard = {nothing, cell->printed[0], cell->printed[1]},
      .commands = commands[0],
      .ready = ready[1],
      .predecessor = predecessor,
      .store = store,
      .number = number,
      .shared = &shared[number],
  };
  shared[number] = (struct shared){.failure = {.step = STEP_NONE}};
  /* A process namespace, so that all a compile ever starts ends with it, whatever it does. */
  long pid = syscall(SYS_clone, (confined ? CLONE_NEWPID : 0) | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) live_as_cell(&init);
  struct failure failure = fail(STEP_FORK);
  close(commands[0]);
  if (predecessor >= 0) close(predecessor);
  shared[number].predecessor_left = 1;
  if (pid < 0) return close_all(cell), failure;
  cell->pid = (pid_t)pid;
  return (struct failure){.step = STEP_NONE};
}

static void start(const struct verb_header *header, const char *text)
{
  struct cell *cell = &cells[header->cell];
  struct run_header run;
  if (cell->state == EMPTY) return; /* Its loss is on its way to the node. */
  if (cell->state != WAITING || header->bytes < sizeof run) exit(2); /* The node's mistake, and it is of our build. */
  memcpy(&run, text, sizeof run);
  cell->state = RUNNING;
  cell->started_micros = now_micros();
  cell->deadline_micros = cell->started_micros + (uint64_t)run.wall_ms * 1000;
  /* A cell that takes no commands was killed; that it is reaped tells the node. */
  if (write_all(cell->commands, header, sizeof *header) == 0) (void)!write_all(cell->commands, text, header->bytes);
}

static void end(const struct cell *cell)
{
  if (cell->state == EMPTY) return;
  kill(cell->pid, SIGKILL);
  if (!confined) kill(-cell->pid, SIGKILL);
}

/* For any way out but a kill; then the kernel does it, which reaches only the first process of a plain cell. */
static void end_all(void)
{
  for (uint32_t number = 0; number < CELLS; number += 1) end(&cells[number]);
}

static uint32_t printed_bytes(int file)
{
  off_t offset = lseek(file, 0, SEEK_CUR);
  return offset <= 0 ? 0 : (uint32_t)(offset > printed_max ? printed_max : offset);
}

static void say_printed(int file, uint32_t bytes)
{
  char buffer[16384];
  for (uint32_t sent = 0; sent < bytes;) {
    ssize_t got = pread(file, buffer, bytes - sent < sizeof buffer ? bytes - sent : sizeof buffer, sent);
    if (got <= 0) exit(1);
    tell(buffer, (size_t)got);
    sent += (uint32_t)got;
  }
}

static void say_ended(uint32_t number, int status, const struct rusage *usage)
{
  const struct cell *cell = &cells[number];
  const struct rusage *spent = &shared[number].spent;
  int exited = WIFEXITED(status);
  struct report_frame report = {
      .report = REPORT_ENDED,
      .cell = number,
      .outcome = cell->timed_out ? OUTCOME_WALL_LIMIT : exited ? OUTCOME_EXITED : OUTCOME_SIGNALLED,
      .value = (uint32_t)(exited ? WEXITSTATUS(status) : WTERMSIG(status)),
      .stdout_bytes = printed_bytes(cell->printed[0]),
      .stderr_bytes = printed_bytes(cell->printed[1]),
      .wall_micros = now_micros() - cell->started_micros,
      .user_micros = micros_since(usage->ru_utime, spent->ru_utime),
      .system_micros = micros_since(usage->ru_stime, spent->ru_stime),
      .max_rss_bytes = (uint64_t)usage->ru_maxrss * 1024,
  };
  say(report);
  say_printed(cell->printed[0], report.stdout_bytes);
  say_printed(cell->printed[1], report.stderr_bytes);
}

static void bury(uint32_t number, int status, const struct rusage *usage)
{
  struct cell *cell = &cells[number];
  if (!confined) kill(-cell->pid, SIGKILL); /* What it left behind. */
  struct failure failure = shared[number].failure;
  int ran = cell->state == RUNNING;
  if (ran && failure.step == STEP_NONE) say_ended(number, status, usage);
  else if (failure.step != STEP_NONE) say_failed(ran ? REPORT_ENDED : REPORT_PREPARED, number, failure);
  else say_failed(REPORT_ENDED, number, (struct failure){.step = STEP_LOST, .error = ECHILD});
  close_all(cell);
}

static void reap(void)
{
  int status;
  struct rusage usage;
  for (pid_t pid; (pid = wait4(-1, &status, WNOHANG, &usage)) > 0;)
    for (uint32_t number = 0; number < CELLS; number += 1)
      if (cells[number].state != EMPTY && cells[number].pid == pid) bury(number, status, &usage);
}

static void greet_ready_cells(void)
{
  uint32_t numbers[CELLS];
  ssize_t bytes = read(ready[0], numbers, sizeof numbers);
  for (ssize_t index = 0; index < bytes / (ssize_t)sizeof numbers[0]; index += 1) {
    struct cell *cell = &cells[numbers[index]];
    if (cell->state != PREPARING) continue;
    cell->state = WAITING;
    if (confined) {
      char path[64];
      snprintf(path, sizeof path, "/host/proc/%d/ns/mnt", (int)cell->pid);
      cell->mounts = open(path, O_RDONLY | O_CLOEXEC);
    }
    say((struct report_frame){.report = REPORT_PREPARED, .cell = numbers[index], .value = (uint32_t)cell->pid});
  }
}

static void obey(const struct verb_header *header, char *text)
{
  if (header->cell >= CELLS || (header->bytes > 0 && text[header->bytes - 1] != '\0')) exit(2);
  if (header->verb == VERB_RUN) return start(header, text);
  if (header->verb == VERB_KILL) return end(&cells[header->cell]);
  /* Not said when it fails: a run that needs the folder then does not find its compiler, or cannot place its files. */
  if (header->verb == VERB_EXPOSE) return (void)(confined && header->bytes > 0 && expose_always(text));
  if (header->verb == VERB_CEDE) return (void)(confined && header->bytes > 0 && cede_always(text));
  if (header->verb != VERB_PREPARE) exit(2);
  struct failure failure = prepare(header->cell);
  if (failure.step != STEP_NONE) say_failed(REPORT_PREPARED, header->cell, failure);
}

static void listen_to_node(void)
{
  ssize_t got = read(STDIN_FILENO, frame + filled, sizeof frame - filled);
  if (got < 0 && errno == EINTR) return;
  if (got <= 0) exit(0); /* The node is gone. */
  filled += (size_t)got;
  size_t used = 0;
  while (filled - used >= sizeof(struct verb_header)) {
    struct verb_header header;
    memcpy(&header, frame + used, sizeof header);
    if (header.bytes > sizeof frame - sizeof header) exit(2);
    if (filled - used < sizeof header + header.bytes) break;
    obey(&header, frame + used + sizeof header);
    used += sizeof header + header.bytes;
  }
  memmove(frame, frame + used, filled - used);
  filled -= used;
}

/* Ends what ran too long; says how many milliseconds to wait for the next, -1 for ever. */
static int watch_deadlines(void)
{
  uint64_t now = now_micros(), next = UINT64_MAX;
  for (uint32_t number = 0; number < CELLS; number += 1) {
    struct cell *cell = &cells[number];
    if (cell->state != RUNNING || cell->timed_out) continue;
    if (cell->deadline_micros <= now) {
      cell->timed_out = 1;
      end(cell);
    } else if (cell->deadline_micros < next) {
      next = cell->deadline_micros;
    }
  }
  if (next == UINT64_MAX) return -1;
  uint64_t wait_ms = (next - now) / 1000 + 1;
  return wait_ms > 3600000 ? 3600000 : (int)wait_ms;
}

/* The store, if cells will be able to read in it. Opened while the machine's own tree is still there. */
static int open_store(const char *path)
{
  struct stat found;
  int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -1;
  int open_to_all = fstat(folder, &found) == 0 && (found.st_mode & 05) == 05;
  return geteuid() != 0 || open_to_all ? folder : (close(folder), -1);
}

static struct failure begin(int argc, char **argv)
{
  if (argc >= 5 && strcmp(argv[1], "namespaces") == 0) {
    confined = 1;
    snprintf(disk_options, sizeof disk_options, "mode=0777,size=%s,nr_inodes=%s", argv[3], argv[4]);
    if (argc > 5) store = open_store(argv[5]);
  } else if (argc == 4 && strcmp(argv[1], "plain") == 0) {
    work_folder = argv[3];
  } else {
    exit(2);
  }
  printed_max = (off_t)strtoul(argv[2], NULL, 10);
  if (confined) return confine();
  return filter_system_calls() == 0 ? (struct failure){.step = STEP_NONE} : fail(STEP_FILTER);
}

int main(int argc, char **argv)
{
  signal(SIGPIPE, SIG_IGN);
  umask(022); /* Some folders that we make are seen by whoever a compile runs as. */
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, NULL);
  do nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  while (nothing >= 0 && nothing < RESERVED_FILES);
  int ended = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  shared = mmap(NULL, CELLS * sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (nothing < 0 || ended < 0 || shared == MAP_FAILED || pipe2(ready, O_CLOEXEC) != 0) return 1;
  for (uint32_t number = 0; number < CELLS; number += 1) cells[number].mounts = -1;

  struct failure failure = begin(argc, argv);
  if (failure.step != STEP_NONE) return say_failed(REPORT_READY, 0, failure), 1;
  atexit(end_all);
  uint32_t able = (store >= 0 ? READY_TREES : 0) | (confined && can_cede() ? READY_CEDES : 0);
  say((struct report_frame){.report = REPORT_READY, .value = able});

  for (;;) {
    struct pollfd waiting[] = {{STDIN_FILENO, POLLIN, 0}, {ended, POLLIN, 0}, {ready[0], POLLIN, 0}};
    if (poll(waiting, 3, watch_deadlines()) < 0 && errno != EINTR) return 1;
    if (waiting[2].revents != 0) greet_ready_cells();
    if (waiting[1].revents != 0) {
      struct signalfd_siginfo ignored;
      while (read(ended, &ignored, sizeof ignored) > 0) continue;
      reap();
    }
    if (waiting[0].revents != 0) listen_to_node();
  }
}

#else
#include <errno.h>
#include <unistd.h>

#include "messages.h"

/* Elsewhere there are no namespaces; the node then starts compilers itself. */
int main(void)
{
  struct report_frame report = {
      .report = REPORT_READY, .outcome = OUTCOME_FAILED, .step = STEP_UNSUPPORTED, .value = ENOSYS};
  return write(STDOUT_FILENO, &report, sizeof report) == (ssize_t)sizeof report ? 1 : 2;
}
#endif
