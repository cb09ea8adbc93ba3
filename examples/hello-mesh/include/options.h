#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

typedef struct {
  int machines;     /* spheres in the ring */
  int width;        /* of the picture, in letters or pixels */
  int samples;      /* rays per pixel, squared */
  bool color;
  const char *file; /* a PPM file to write instead of text, or NULL */
} options;

/* Reads the command line; tells what is wrong on stderr and returns false if it cannot. */
bool options_parse(options *out, int argc, char **argv);

#endif
