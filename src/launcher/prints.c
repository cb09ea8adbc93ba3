#include "prints.h"

#include <string.h>

#include "descriptors.h"
#include "launcher-limits.h"
#include "signals.h"
#include "wire.h"

struct print {
  int stream;
  size_t count;
};

/* A `struct print` and its bytes, again and again. */
static struct bytes held;

bool hold_print(int stream, const unsigned char *bytes, size_t count) {
  struct print print = {stream, count};
  if (held.length + sizeof print + count > LAUNCHER_PRINT_MAX_BYTES) return false;
  put(&held, &print, sizeof print);
  put(&held, bytes, count);
  return true;
}

void forget_prints(void) { held.length = 0; }

void release_prints(void) {
  if (held.length == 0) return;
  let_signals_in(); /* The reader may be slow. */
  for (size_t at = 0; at < held.length;) {
    struct print print;
    memcpy(&print, held.at + at, sizeof print);
    at += sizeof print;
    write_all(print.stream, held.at + at, print.count); /* A compiler whose reader is gone goes on as well. */
    at += print.count;
  }
  held.length = 0;
  hold_signals();
}
