#ifndef VEC_H
#define VEC_H

/* A point, a direction or a colour. */
typedef struct {
  double x, y, z;
} vec;

vec vec_of(double x, double y, double z);
vec vec_add(vec a, vec b);
vec vec_sub(vec a, vec b);
vec vec_mul(vec a, vec b);
vec vec_scale(vec a, double factor);
double vec_dot(vec a, vec b);
vec vec_cross(vec a, vec b);
double vec_length(vec a);
vec vec_unit(vec a);
/* What `direction` becomes on a mirror whose upright is `normal`. */
vec vec_reflect(vec direction, vec normal);
vec vec_mix(vec a, vec b, double share);

#endif
