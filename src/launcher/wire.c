#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include "ending.h"

enum { HEAD_BYTES = 4 };

void *reallocate(void *old, size_t bytes) {
  void *fresh = realloc(old, bytes == 0 ? 1 : bytes);
  if (fresh == NULL) complain(EXIT_NO_FALLBACK, NULL, "out of memory");
  return fresh;
}

unsigned char *make_room(struct bytes *bytes, size_t more) {
  size_t needed = bytes->length + more;
  if (needed > bytes->capacity) {
    bytes->capacity = needed > 2 * bytes->capacity ? needed : 2 * bytes->capacity;
    bytes->at = reallocate(bytes->at, bytes->capacity);
  }
  return bytes->at + bytes->length;
}

void put(struct bytes *bytes, const void *from, size_t count) {
  if (count == 0) return;
  memcpy(make_room(bytes, count), from, count);
  bytes->length += count;
}

static void put_little_endian(struct bytes *bytes, uint64_t value, int count) {
  for (int i = 0; i < count; i++) put_u8(bytes, (uint8_t)(value >> (8 * i)));
}

void begin_frame(struct bytes *frame, uint8_t type) {
  frame->length = 0;
  put_u32(frame, 0);
  put_u8(frame, type);
}

void end_frame(struct bytes *frame) {
  size_t whole = frame->length;
  frame->length = 0;
  put_u32(frame, (uint32_t)(whole - HEAD_BYTES));
  frame->length = whole;
}

void put_u8(struct bytes *frame, uint8_t value) { put(frame, &value, 1); }
void put_u32(struct bytes *frame, uint32_t value) { put_little_endian(frame, value, 4); }
void put_u64(struct bytes *frame, uint64_t value) { put_little_endian(frame, value, 8); }

void put_string(struct bytes *frame, const char *value) {
  size_t length = strlen(value);
  put_u32(frame, (uint32_t)length);
  put(frame, value, length);
}

void put_list(struct bytes *frame, char *const *values) {
  size_t total = 0;
  for (char *const *value = values; *value != NULL; value++) total += strlen(*value) + 1;
  put_u32(frame, (uint32_t)total);
  make_room(frame, total);
  for (char *const *value = values; *value != NULL; value++) put(frame, *value, strlen(*value) + 1);
}

static const unsigned char *take(struct fields *fields, size_t count) {
  if (fields->bad || count > (size_t)(fields->end - fields->at)) {
    fields->bad = true;
    return NULL;
  }
  const unsigned char *taken = fields->at;
  fields->at += count;
  return taken;
}

static uint64_t take_little_endian(struct fields *fields, size_t count) {
  const unsigned char *bytes = take(fields, count);
  uint64_t value = 0;
  while (bytes != NULL && count-- > 0) value = value << 8 | bytes[count];
  return value;
}

uint8_t take_u8(struct fields *fields) { return (uint8_t)take_little_endian(fields, 1); }
uint32_t take_u32(struct fields *fields) { return (uint32_t)take_little_endian(fields, 4); }
uint64_t take_u64(struct fields *fields) { return take_little_endian(fields, 8); }

/* A block of bytes with a NUL behind it. */
static char *take_block(struct fields *fields, size_t *length) {
  *length = take_u32(fields);
  const unsigned char *bytes = take(fields, *length);
  if (bytes == NULL) *length = 0;
  char *block = reallocate(NULL, *length + 1);
  if (bytes != NULL) memcpy(block, bytes, *length);
  block[*length] = '\0';
  return block;
}

char *take_string(struct fields *fields) {
  size_t length;
  char *string = take_block(fields, &length);
  if (strlen(string) != length) fields->bad = true;
  return string;
}

char **take_list(struct fields *fields) {
  size_t length, count = 0;
  char *block = take_block(fields, &length);
  if (length > 0 && block[length - 1] != '\0') fields->bad = true;
  for (size_t i = 0; i < length; i++) count += block[i] == '\0';
  char **list = reallocate(NULL, (count + 1) * sizeof *list);
  for (size_t i = 0; i < count; i++) {
    list[i] = block;
    block += strlen(block) + 1;
  }
  list[count] = NULL;
  return list;
}

const unsigned char *take_rest(struct fields *fields, size_t *count) {
  *count = (size_t)(fields->end - fields->at);
  return take(fields, *count);
}

bool well_formed(const struct fields *fields) { return !fields->bad && fields->at == fields->end; }
