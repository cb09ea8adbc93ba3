#include <math.h>
#include <string.h>

#include "picture.h"

static const char LETTERS[] = " .,:;-~+=ox*%#@";

static double bounded(double value) { return fmin(1, fmax(0, value)); }

/* Screens show half the light at three quarters of the value. */
static int byte_of(double light) { return (int)lround(255 * pow(bounded(light), 1 / 2.2)); }

static char letter_of(vec color) {
  double light = 0.2126 * color.x + 0.7152 * color.y + 0.0722 * color.z;
  size_t last = strlen(LETTERS) - 1;
  return LETTERS[(size_t)lround((double)last * pow(bounded(light), 1 / 1.25))];
}

void picture_print(const picture *of, bool color, FILE *out) {
  for (int y = 0; y < of->height; y++) {
    for (int x = 0; x < of->width; x++) {
      vec at = *picture_pixel(of, x, y);
      if (color) fprintf(out, "\x1b[38;2;%d;%d;%dm", byte_of(at.x), byte_of(at.y), byte_of(at.z));
      fputc(letter_of(at), out);
    }
    fputs(color ? "\x1b[0m\n" : "\n", out);
  }
}

bool picture_write(const picture *of, const char *path) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) return false;
  fprintf(file, "P6\n%d %d\n255\n", of->width, of->height);
  for (int i = 0; i < of->width * of->height; i++) {
    vec at = of->pixels[i];
    fputc(byte_of(at.x), file);
    fputc(byte_of(at.y), file);
    fputc(byte_of(at.z), file);
  }
  return fclose(file) == 0;
}
