#include "ray.h"

ray ray_of(vec origin, vec towards) { return (ray){origin, vec_unit(towards)}; }

vec ray_at(ray r, double distance) { return vec_add(r.origin, vec_scale(r.direction, distance)); }
