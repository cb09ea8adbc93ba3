#include <math.h>

#include "shapes.h"

/* A ray is followed in steps as long as the free space around it; past these bounds it has missed. */
#define STEPS_MAX 160
#define FARTHEST 60.0
#define TOUCHING 1e-5

static double distance_to(const torus *shape, vec point) {
  vec offset = vec_sub(point, shape->center);
  double height = vec_dot(offset, shape->axis);
  vec flat = vec_sub(offset, vec_scale(shape->axis, height));
  return hypot(vec_length(flat) - shape->major, height) - shape->minor;
}

static vec normal_at(const torus *shape, vec point) {
  const double step = 1e-5;
  double here = distance_to(shape, point);
  double x = distance_to(shape, vec_add(point, vec_of(step, 0, 0))) - here;
  double y = distance_to(shape, vec_add(point, vec_of(0, step, 0))) - here;
  double z = distance_to(shape, vec_add(point, vec_of(0, 0, step))) - here;
  return vec_unit(vec_of(x, y, z));
}

bool torus_meets(const torus *shape, ray r, hit *where) {
  /* A ray that leaves the surface begins within touching distance of it. */
  double along = 20 * TOUCHING;
  for (int step = 0; step < STEPS_MAX && along < FARTHEST; step++) {
    vec point = ray_at(r, along);
    double room = distance_to(shape, point);
    if (room < TOUCHING) {
      where->distance = along;
      where->point = point;
      where->normal = normal_at(shape, point);
      return vec_dot(where->normal, r.direction) < 0;
    }
    along += room;
  }
  return false;
}
