/* The CRC-32 of zlib and gzip. */
#ifndef HG_CRC32_H
#define HG_CRC32_H

#include "platform.h"

/* That of some bytes behind others whose CRC-32 is `crc`; 0 for none before. */
uint32_t crc32_of(uint32_t crc, const unsigned char *bytes, size_t count);

#endif
