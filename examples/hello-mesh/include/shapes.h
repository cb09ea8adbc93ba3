#ifndef SHAPES_H
#define SHAPES_H

#include <stdbool.h>

#include "ray.h"

typedef struct {
  vec center;
  double radius;
} sphere;

/* A level floor. */
typedef struct {
  double height;
} floor_plane;

/* A wheel: the ring of radius `major` in a plane, with a tube of radius `minor` around it. */
typedef struct {
  vec center;
  vec axis; /* of length 1 */
  double major, minor;
} torus;

/* Each tells whether the ray meets the shape, and where first. */
bool sphere_meets(const sphere *shape, ray r, hit *where);
bool floor_meets(const floor_plane *shape, ray r, hit *where);
bool torus_meets(const torus *shape, ray r, hit *where);

#endif
