#include "render.h"

#include "noise.h"

static vec pixel(const scene *world, const camera *view, const picture *out, int x, int y, int samples) {
  chance jitter = chance_from((uint64_t)y * 65536u + (uint64_t)x);
  vec sum = vec_of(0, 0, 0);
  for (int i = 0; i < samples * samples; i++) {
    double dx = (i % samples + chance_next(&jitter)) / samples;
    double dy = (i / samples + chance_next(&jitter)) / samples;
    double u = 2 * (x + dx) / out->width - 1, v = 1 - 2 * (y + dy) / out->height;
    sum = vec_add(sum, shade(world, camera_ray(view, u, v, out->aspect), 0));
  }
  return vec_scale(sum, 1.0 / (samples * samples));
}

void render(const scene *world, const camera *view, picture *out, int samples) {
  for (int y = 0; y < out->height; y++) {
    for (int x = 0; x < out->width; x++) *picture_pixel(out, x, y) = pixel(world, view, out, x, y, samples);
  }
}
