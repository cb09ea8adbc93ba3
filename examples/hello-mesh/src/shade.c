#include <math.h>

#include "render.h"

/* Mirrors in mirrors, so far and no farther. */
#define DEPTH_MAX 4
#define AMBIENT 0.12

static vec sky(vec direction) {
  double height = 0.5 + 0.5 * direction.y;
  return vec_mix(vec_of(0.05, 0.03, 0.05), vec_of(0.0, 0.0, 0.02), pow(height, 0.6));
}

static vec lit_by(const scene *world, const lamp *source, const hit *where, const surface *look, vec view) {
  vec above = vec_add(where->point, vec_scale(where->normal, 1e-4));
  if (scene_blocks(world, above, source->position)) return vec_of(0, 0, 0);
  vec towards = vec_unit(vec_sub(source->position, where->point));
  vec light = vec_scale(vec_mul(look->color, source->color), fmax(0, vec_dot(towards, where->normal)));
  if (look->gloss <= 0) return light;
  double glint = fmax(0, vec_dot(vec_reflect(view, where->normal), towards));
  return vec_add(light, vec_scale(source->color, 0.6 * pow(glint, look->gloss)));
}

vec shade(const scene *world, ray r, int depth) {
  hit where;
  const thing *met = scene_meets(world, r, &where);
  if (met == NULL) return sky(r.direction);
  surface look = texture_at(&met->look, where.point);
  vec light = vec_scale(look.color, AMBIENT);
  for (size_t i = 0; i < world->lamps_count; i++) {
    light = vec_add(light, lit_by(world, &world->lamps[i], &where, &look, r.direction));
  }
  if (look.mirror > 0 && depth < DEPTH_MAX) {
    vec above = vec_add(where.point, vec_scale(where.normal, 1e-4));
    vec seen = shade(world, ray_of(above, vec_reflect(r.direction, where.normal)), depth + 1);
    light = vec_mix(light, seen, look.mirror);
  }
  /* Far things fade into the night. */
  double haze = 1 - exp(-0.006 * where.distance * where.distance);
  return vec_mix(light, sky(r.direction), haze);
}
