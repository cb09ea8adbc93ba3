#include "vec.h"

#include <math.h>

vec vec_of(double x, double y, double z) { return (vec){x, y, z}; }

vec vec_add(vec a, vec b) { return vec_of(a.x + b.x, a.y + b.y, a.z + b.z); }

vec vec_sub(vec a, vec b) { return vec_of(a.x - b.x, a.y - b.y, a.z - b.z); }

vec vec_mul(vec a, vec b) { return vec_of(a.x * b.x, a.y * b.y, a.z * b.z); }

vec vec_scale(vec a, double factor) { return vec_of(a.x * factor, a.y * factor, a.z * factor); }

double vec_dot(vec a, vec b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

vec vec_cross(vec a, vec b) {
  return vec_of(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}

double vec_length(vec a) { return sqrt(vec_dot(a, a)); }

vec vec_unit(vec a) {
  double length = vec_length(a);
  return length > 0 ? vec_scale(a, 1 / length) : a;
}

vec vec_reflect(vec direction, vec normal) {
  return vec_sub(direction, vec_scale(normal, 2 * vec_dot(direction, normal)));
}

vec vec_mix(vec a, vec b, double share) { return vec_add(vec_scale(a, 1 - share), vec_scale(b, share)); }
