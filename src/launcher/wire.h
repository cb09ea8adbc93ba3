/* Bytes to and from the agent. Spec: docs/protocols/launcher.md; mirrored in src/protocols/launcher-codec.ts. */
#ifndef HG_WIRE_H
#define HG_WIRE_H

#include "platform.h"

#define LAUNCHER_PROTOCOL_VERSION 3

enum { HELLO = 0x01, EXITED = 0x03, OUTPUT = 0x04, FAILED = 0x05 };
enum {
  RUN = 0x41,
  EXEC = 0x42,
  WRITE = 0x43,
  DATA = 0x44,
  COMMIT = 0x45,
  TEMPORARY = 0x46,
  PRINT = 0x47,
  EXIT = 0x48,
  KILL = 0x49,
  KEEPALIVE = 0x4a,
  COPY = 0x4c
};
enum { STDERR_IS_TERMINAL = 1, ANNOUNCES_PLACE = 2 };
enum operation { FAILED_RUN = 1, FAILED_WRITE = 2, FAILED_COMMIT = 3 };
#define NO_RUN UINT32_MAX

/* Memory that grows as it is needed; starts as zeroes. */
struct bytes {
  unsigned char *at;
  size_t length, capacity;
};

/* Makes room for `more` bytes; returns where they go. */
unsigned char *make_room(struct bytes *bytes, size_t more);
void put(struct bytes *bytes, const void *from, size_t count);

/* One frame at a time: begin, fields, end. Then `frame` is what goes to the socket. */
void begin_frame(struct bytes *frame, uint8_t type);
void put_u8(struct bytes *frame, uint8_t value);
void put_u32(struct bytes *frame, uint32_t value);
void put_u64(struct bytes *frame, uint64_t value);
void put_string(struct bytes *frame, const char *value);
void put_list(struct bytes *frame, char *const *values);
void end_frame(struct bytes *frame);

/* The fields of a frame that was received. Whatever is wrong sets `bad`; check it before use. */
struct fields {
  const unsigned char *at, *end;
  bool bad;
};

uint8_t take_u8(struct fields *fields);
uint32_t take_u32(struct fields *fields);
uint64_t take_u64(struct fields *fields);
/* A copy of its own, never NULL. */
char *take_string(struct fields *fields);
/* A copy of its own that ends with a NULL, never NULL itself. */
char **take_list(struct fields *fields);
/* All that is left, in place. */
const unsigned char *take_rest(struct fields *fields, size_t *count);
/* Whether all fields were there and nothing else. */
bool well_formed(const struct fields *fields);

/* `malloc` and `realloc` that do not come back without memory. */
void *reallocate(void *old, size_t bytes);

#endif
