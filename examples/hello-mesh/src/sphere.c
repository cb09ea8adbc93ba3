#include <math.h>

#include "shapes.h"

bool sphere_meets(const sphere *shape, ray r, hit *where) {
  vec offset = vec_sub(r.origin, shape->center);
  double half = vec_dot(offset, r.direction);
  double rest = vec_dot(offset, offset) - shape->radius * shape->radius;
  double inside = half * half - rest;
  if (inside < 0) return false;
  double root = sqrt(inside);
  double distance = -half - root;
  if (distance < RAY_NEAREST) distance = -half + root;
  if (distance < RAY_NEAREST) return false;
  where->distance = distance;
  where->point = ray_at(r, distance);
  where->normal = vec_unit(vec_sub(where->point, shape->center));
  if (vec_dot(where->normal, r.direction) > 0) where->normal = vec_scale(where->normal, -1);
  return true;
}
