#ifndef RAY_H
#define RAY_H

#include "vec.h"

typedef struct {
  vec origin;
  vec direction; /* of length 1 */
} ray;

/* Where a ray meets something. */
typedef struct {
  double distance;
  vec point;
  vec normal; /* of length 1, towards the ray */
} hit;

/* Nearer than this is where the ray came from. */
#define RAY_NEAREST 1e-6

ray ray_of(vec origin, vec towards);
vec ray_at(ray r, double distance);

#endif
