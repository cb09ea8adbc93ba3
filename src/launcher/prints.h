/* What is to be printed is held back until nothing can make us compile again: so nothing is ever said twice. */
#ifndef HG_PRINTS_H
#define HG_PRINTS_H

#include "platform.h"

/* `stream` is a descriptor: 1 or 2. False when that is too much to hold. */
bool hold_print(int stream, const unsigned char *bytes, size_t count);
void forget_prints(void);

/* Prints what is held, in its order. */
void release_prints(void);

#endif
