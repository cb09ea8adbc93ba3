#include <math.h>

#include "shapes.h"

bool floor_meets(const floor_plane *shape, ray r, hit *where) {
  if (fabs(r.direction.y) < RAY_NEAREST) return false;
  double distance = (shape->height - r.origin.y) / r.direction.y;
  if (distance < RAY_NEAREST) return false;
  where->distance = distance;
  where->point = ray_at(r, distance);
  where->normal = vec_of(0, r.direction.y < 0 ? 1 : -1, 0);
  return true;
}
