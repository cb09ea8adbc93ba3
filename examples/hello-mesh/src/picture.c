#include "picture.h"

#include <stdlib.h>

bool picture_make(picture *out, int width, int height, double aspect) {
  vec *pixels = calloc((size_t)width * (size_t)height, sizeof *pixels);
  if (pixels == NULL) return false;
  *out = (picture){width, height, aspect, pixels};
  return true;
}

void picture_free(picture *made) {
  free(made->pixels);
  made->pixels = NULL;
}

vec *picture_pixel(const picture *of, int x, int y) { return &of->pixels[(size_t)y * (size_t)of->width + (size_t)x]; }
