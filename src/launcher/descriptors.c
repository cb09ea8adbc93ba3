#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

int private_descriptor(int fd) {
  if (fd < 0) return fd;
  if (fd > STDERR_FILENO) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
  }
  int higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  close(fd);
  return higher;
}

bool can_print(void) { return fcntl(STDOUT_FILENO, F_GETFD) >= 0 && fcntl(STDERR_FILENO, F_GETFD) >= 0; }

int open_pipe(int ends[2]) {
  if (pipe(ends) < 0) return -1;
  ends[0] = private_descriptor(ends[0]);
  ends[1] = private_descriptor(ends[1]);
  return ends[0] < 0 || ends[1] < 0 ? -1 : 0;
}

bool write_all(int fd, const void *bytes, size_t count) {
  const char *at = bytes;
  while (count > 0) {
    ssize_t written = write(fd, at, count);
    if (written > 0) {
      at += written;
      count -= (size_t)written;
    } else if (written < 0 && errno == EAGAIN) {
      /* Another process made a stream that we share non-blocking. */
      poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
    } else if (written == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}
