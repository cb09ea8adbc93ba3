#include <stdio.h>

#include "options.h"
#include "render.h"

/* Letters are about twice as tall as wide. */
#define LETTER_ASPECT 0.5

int main(int argc, char **argv) {
  options chosen;
  if (!options_parse(&chosen, argc, argv)) return 2;

  scene world;
  scene_of_mesh(&world, chosen.machines);
  camera view = camera_of(vec_of(0, 3.6, -6.4), vec_of(0, -0.25, 0.2), 38);

  picture out;
  double letters = chosen.file == NULL ? LETTER_ASPECT : 1;
  int height = (int)(chosen.width * 9.0 / 16 * letters);
  if (!picture_make(&out, chosen.width, height, 16.0 / 9)) {
    fputs("no memory for so large a picture\n", stderr);
    return 1;
  }
  render(&world, &view, &out, chosen.samples);
  bool written = true;
  if (chosen.file == NULL) {
    picture_print(&out, chosen.color, stdout);
    printf("hello, mesh of %d machines\n", chosen.machines);
  } else {
    written = picture_write(&out, chosen.file);
    if (!written) perror(chosen.file);
  }
  picture_free(&out);
  return written ? 0 : 1;
}
