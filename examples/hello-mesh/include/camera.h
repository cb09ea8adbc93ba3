#ifndef CAMERA_H
#define CAMERA_H

#include "ray.h"

typedef struct {
  vec eye, forward, right, up;
  double spread; /* half the height of the picture at distance 1 */
} camera;

camera camera_of(vec eye, vec target, double degrees);
/* The ray through a point of the picture; x and y run from -1 to 1, `aspect` is width by height. */
ray camera_ray(const camera *view, double x, double y, double aspect);

#endif
