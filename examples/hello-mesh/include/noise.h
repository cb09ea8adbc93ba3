#ifndef NOISE_H
#define NOISE_H

#include <stdint.h>

#include "vec.h"

/* Smooth noise over space, from -1 to 1; the same in every run. */
double noise_at(vec point);
/* Noise over noise: `octaves` layers, each twice as fine and half as strong. */
double noise_turbulence(vec point, int octaves);

/* Numbers that look like chance, from a seed. */
typedef struct {
  uint64_t state;
} chance;

chance chance_from(uint64_t seed);
double chance_next(chance *source); /* in [0, 1) */

#endif
