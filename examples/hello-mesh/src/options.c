#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool number(const char *text, int min, int max, int *out) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*text == '\0' || *end != '\0' || value < min || value > max) return false;
  *out = (int)value;
  return true;
}

bool options_parse(options *out, int argc, char **argv) {
  *out = (options){.machines = 7, .width = 78, .samples = 3, .color = isatty(STDOUT_FILENO), .file = NULL};
  int letter;
  bool valid = true;
  while (valid && (letter = getopt(argc, argv, "m:w:s:co:")) != -1) {
    switch (letter) {
      case 'm': valid = number(optarg, 1, 24, &out->machines); break;
      case 'w': valid = number(optarg, 8, 4096, &out->width); break;
      case 's': valid = number(optarg, 1, 16, &out->samples); break;
      case 'c': out->color = true; break;
      case 'o': out->file = optarg; break;
      default: valid = false;
    }
  }
  if (valid && optind == argc) return true;
  fprintf(stderr, "usage: %s [-m MACHINES] [-w WIDTH] [-s SAMPLES] [-c] [-o FILE.ppm]\n", argv[0]);
  return false;
}
