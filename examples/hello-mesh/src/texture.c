#include "texture.h"

#include <math.h>

#include "noise.h"

static vec plain(const texture *look, vec point) {
  (void)point;
  return look->color;
}

static vec checkers(const texture *look, vec point) {
  long x = lround(floor(point.x * look->scale)), z = lround(floor(point.z * look->scale));
  return ((x + z) & 1) != 0 ? look->other : look->color;
}

static vec marble(const texture *look, vec point) {
  double veins = sin(look->scale * point.x + 4 * noise_turbulence(vec_scale(point, look->scale), 5));
  return vec_mix(look->color, look->other, 0.5 + 0.5 * veins);
}

static vec (*const COLORS[])(const texture *, vec) = {
    [TEXTURE_PLAIN] = plain,
    [TEXTURE_CHECKERS] = checkers,
    [TEXTURE_MARBLE] = marble,
};

surface texture_at(const texture *look, vec point) {
  return (surface){COLORS[look->kind](look, point), look->mirror, look->gloss};
}
