#ifndef PICTURE_H
#define PICTURE_H

#include <stdbool.h>
#include <stdio.h>

#include "vec.h"

typedef struct {
  int width, height;
  double aspect; /* width by height as seen: a character is taller than wide */
  vec *pixels;   /* row by row from the top, colours from 0 to 1 */
} picture;

bool picture_make(picture *out, int width, int height, double aspect);
void picture_free(picture *made);
vec *picture_pixel(const picture *of, int x, int y);

/* As text, brighter pixels in denser letters; with `color`, in 24-bit colours of the terminal. */
void picture_print(const picture *of, bool color, FILE *out);
/* As a PPM file. */
bool picture_write(const picture *of, const char *path);

#endif
