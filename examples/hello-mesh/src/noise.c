#include "noise.h"

#include <math.h>

static double corner(int64_t x, int64_t y, int64_t z) {
  uint64_t mixed = (uint64_t)x * 0x9E3779B97F4A7C15u ^ (uint64_t)y * 0xC2B2AE3D27D4EB4Fu ^
                   (uint64_t)z * 0x165667B19E3779F9u;
  chance source = chance_from(mixed);
  return 2 * chance_next(&source) - 1;
}

static double smooth(double t) { return t * t * (3 - 2 * t); }

static double mix(double a, double b, double share) { return a + (b - a) * share; }

double noise_at(vec point) {
  double x = floor(point.x), y = floor(point.y), z = floor(point.z);
  double u = smooth(point.x - x), v = smooth(point.y - y), w = smooth(point.z - z);
  int64_t i = (int64_t)x, j = (int64_t)y, k = (int64_t)z;
  double layers[2];
  for (int layer = 0; layer < 2; layer++) {
    double near = mix(corner(i, j, k + layer), corner(i + 1, j, k + layer), u);
    double far = mix(corner(i, j + 1, k + layer), corner(i + 1, j + 1, k + layer), u);
    layers[layer] = mix(near, far, v);
  }
  return mix(layers[0], layers[1], w);
}

double noise_turbulence(vec point, int octaves) {
  double sum = 0, strength = 1;
  for (int octave = 0; octave < octaves; octave++) {
    sum += strength * fabs(noise_at(point));
    point = vec_scale(point, 2);
    strength /= 2;
  }
  return sum;
}

/* splitmix64 */
chance chance_from(uint64_t seed) { return (chance){seed}; }

double chance_next(chance *source) {
  uint64_t z = source->state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}
