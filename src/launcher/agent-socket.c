#include "agent-socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "descriptors.h"
#include "ending.h"
#include "find-compiler.h"
#include "launcher-limits.h"
#include "signals.h"

#define SOCKET_NAME "agent.sock"
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* macOS has SO_NOSIGPIPE instead. */
#endif
#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

enum {
  HEAD_BYTES = 4,
  RECEIVE_BYTES = 64 * 1024,
  /* Descriptors below are for others: a compiler may take 3 and 4 for the jobserver that make speaks of. */
  KEPT_DESCRIPTOR_MIN = 64
};

static int agent = -1;
static struct bytes input;
static size_t input_used;

static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value == NULL || *value == '\0' ? NULL : value;
}

/* Mirrors src/base/state-folder.ts. */
static const char *socket_folder(void) {
  if (variable("HG_SOCKET_DIR") != NULL) return variable("HG_SOCKET_DIR");
  if (variable("HG_HOME") != NULL) return variable("HG_HOME");
  const char *home = variable("HOME");
#ifdef __APPLE__
  return home == NULL ? NULL : text("%s/Library/Application Support/hybridgrid", home);
#else
  const char *state = variable("XDG_STATE_HOME");
  if (state != NULL && state[0] == '/') return text("%s/hybridgrid", state);
  return home == NULL ? NULL : text("%s/.local/state/hybridgrid", home);
#endif
}

/* Whoever answers may have us write files: it must be ourselves, or root. */
static bool is_trusted(int fd) {
#ifdef __linux__
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return false;
  return peer.uid == 0 || peer.uid == geteuid();
#else
  uid_t user;
  gid_t group;
  return getpeereid(fd, &user, &group) == 0 && (user == 0 || user == geteuid());
#endif
}

static bool connect_here(int fd, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path, path);
  return connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
}

/* A socket's address is short; a folder with a long name is entered for the time of the call. */
static bool connect_inside(int fd, const char *folder) {
  int here = private_descriptor(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (here < 0) return false;
  bool connected = chdir(folder) == 0 && connect_here(fd, SOCKET_NAME);
  if (fchdir(here) < 0) complain(EXIT_NO_FALLBACK, NULL, "cannot return to the working directory: %s", strerror(errno));
  close(here);
  return connected;
}

static int open_socket(void) {
#ifdef SOCK_CLOEXEC
  return private_descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
#else
  int fd = private_descriptor(socket(AF_UNIX, SOCK_STREAM, 0));
  int yes = 1;
  fcntl(fd, F_SETFL, O_NONBLOCK);
  setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
  return fd;
#endif
}

bool connect_to_agent(void) {
  const char *folder = socket_folder();
  if (folder == NULL) return false;
  agent = open_socket();
  if (agent < 0) return false;
  const char *path = text("%s/" SOCKET_NAME, folder);
  bool fits = strlen(path) < sizeof((struct sockaddr_un *)0)->sun_path;
  if ((fits ? connect_here(agent, path) : connect_inside(agent, folder)) && is_trusted(agent)) return true;
  leave_agent();
  return false;
}

int agent_fd(void) { return agent; }

/* The node takes no path with `.` or `..` in it for a name; so the call stays here, where the compiler may. */
static bool has_dots(const char *path) {
  for (const char *at = path; (at = strstr(at, "/.")) != NULL; at++) {
    size_t dots = strspn(at + 1, ".");
    if (dots <= 2 && (at[1 + dots] == '/' || at[1 + dots] == '\0')) return true;
  }
  return false;
}

/* As compilers find it out: what PWD calls it, links and all, if that is where we are. */
static char *working_folder(void) {
  const char *told = getenv("PWD");
  struct stat there, here;
  bool fits = told != NULL && told[0] == '/' && !has_dots(told);
  if (fits && stat(told, &there) == 0 && stat(".", &here) == 0 && there.st_dev == here.st_dev && there.st_ino == here.st_ino)
    return strdup(told);
  return getcwd(NULL, 0);
}

/* Which files our paths lead to: others in another mount namespace, or under another root. Mirrors src/base/file-view.ts. */
static char *file_view(void) {
#ifdef __linux__
  char mounts[64];
  struct stat root = {0};
  ssize_t length = readlink("/proc/self/ns/mnt", mounts, sizeof mounts);
  stat("/", &root);
  return text("%.*s %ju:%ju", length < 0 ? 0 : (int)length, mounts, (uintmax_t)root.st_dev, (uintmax_t)root.st_ino);
#else
  return text("%s", "");
#endif
}

bool say_hello(const struct call *call) {
  char *cwd = working_folder();
  if (cwd == NULL) return false; /* The folder was removed; the compiler will say so. */
  char *view = file_view();
  mode_t mask = umask(022);
  umask(mask);
  struct bytes frame = {0};
  begin_frame(&frame, HELLO);
  put_u32(&frame, LAUNCHER_PROTOCOL_VERSION);
  put_u8(&frame, (uint8_t)((isatty(STDERR_FILENO) ? STDERR_IS_TERMINAL : 0) | (call->announces_place ? ANNOUNCES_PLACE : 0)));
  put_u32(&frame, mask);
  put_string(&frame, view);
  put_string(&frame, cwd);
  put_string(&frame, call->tool);
  put_string(&frame, call->compiler);
  put_list(&frame, call->args);
  put_list(&frame, environ);
  end_frame(&frame);
  bool sent = send_frame(&frame);
  free(frame.at);
  free(view);
  free(cwd);
  return sent;
}

bool send_frame(const struct bytes *frame) {
  if (agent < 0 || frame->length > HEAD_BYTES + LAUNCHER_FRAME_MAX_BYTES) return false;
  for (size_t at = 0; at < frame->length;) {
    ssize_t sent = send(agent, frame->at + at, frame->length - at, MSG_NOSIGNAL);
    if (sent > 0) {
      at += (size_t)sent;
    } else if (sent < 0 && errno == EAGAIN) {
      struct pollfd writable = {.fd = agent, .events = POLLOUT};
      if (wait_for(&writable, 1, LAUNCHER_SILENCE_MS) == 0) return false;
    } else if (sent == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

/* How long the frame at the front is, its head included; 0 when that is not known. */
static size_t frame_bytes(void) {
  if (input.length - input_used < HEAD_BYTES) return 0;
  struct fields head = {input.at + input_used, input.at + input.length, false};
  return HEAD_BYTES + (size_t)take_u32(&head);
}

bool receive_from_agent(void) {
  if (input_used > 0) {
    memmove(input.at, input.at + input_used, input.length - input_used);
    input.length -= input_used;
    input_used = 0;
  }
  size_t wanted = frame_bytes() > input.length ? frame_bytes() - input.length : 0;
  if (wanted < RECEIVE_BYTES) wanted = RECEIVE_BYTES;
  ssize_t received = recv(agent, make_room(&input, wanted), wanted, 0);
  if (received > 0) input.length += (size_t)received;
  return received > 0 || (received < 0 && (errno == EAGAIN || errno == EINTR));
}

enum heard next_frame(uint8_t *type, struct fields *fields) {
  size_t length = frame_bytes();
  if (length == 0) return HEARD_NOTHING;
  if (length == HEAD_BYTES || length > HEAD_BYTES + LAUNCHER_FRAME_MAX_BYTES) return HEARD_NONSENSE;
  if (length > input.length - input_used) return HEARD_NOTHING;
  unsigned char *frame = input.at + input_used;
  input_used += length;
  *fields = (struct fields){frame + HEAD_BYTES, frame + length, false};
  *type = take_u8(fields);
  return HEARD_FRAME;
}

void keep_agent_open(void) {
  int kept = fcntl(agent, F_DUPFD, KEPT_DESCRIPTOR_MIN);
  if (kept < 0) fcntl(agent, F_SETFD, 0);
}

void leave_agent(void) {
  if (agent >= 0) close(agent);
  agent = -1;
}
