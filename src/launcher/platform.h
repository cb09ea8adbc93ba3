/* Included first by every file: what Linux and macOS offer beyond C11. */
#ifndef HG_PLATFORM_H
#define HG_PLATFORM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#ifndef _DARWIN_C_SOURCE
#define _DARWIN_C_SOURCE
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#endif
