#include "scene.h"

#include <math.h>

#include "noise.h"

#define TAU 6.283185307179586

static bool meets(const thing *each, ray r, hit *where) {
  switch (each->kind) {
    case THING_SPHERE: return sphere_meets(&each->shape.sphere, r, where);
    case THING_FLOOR: return floor_meets(&each->shape.floor, r, where);
    case THING_TORUS: return torus_meets(&each->shape.torus, r, where);
  }
  return false;
}

const thing *scene_meets(const scene *world, ray r, hit *where) {
  const thing *first = NULL;
  for (size_t i = 0; i < world->things_count; i++) {
    hit candidate;
    if (!meets(&world->things[i], r, &candidate)) continue;
    if (first != NULL && candidate.distance >= where->distance) continue;
    first = &world->things[i];
    *where = candidate;
  }
  return first;
}

bool scene_blocks(const scene *world, vec from, vec to) {
  vec way = vec_sub(to, from);
  hit where;
  return scene_meets(world, ray_of(from, way), &where) != NULL && where.distance < vec_length(way);
}

static void add(scene *out, thing each) {
  if (out->things_count < SCENE_THINGS_MAX) out->things[out->things_count++] = each;
}

static void light(scene *out, vec position, vec color) {
  if (out->lamps_count < SCENE_LAMPS_MAX) out->lamps[out->lamps_count++] = (lamp){position, color};
}

/* A colour of the rainbow; `hue` from 0 to 1. */
static vec rainbow(double hue) {
  return vec_of(0.55 + 0.4 * cos(TAU * hue), 0.55 + 0.4 * cos(TAU * (hue - 1.0 / 3)),
                0.55 + 0.4 * cos(TAU * (hue - 2.0 / 3)));
}

void scene_of_mesh(scene *out, int machines) {
  *out = (scene){.things_count = 0};
  texture tiles = {TEXTURE_CHECKERS, vec_of(0.42, 0.42, 0.45), vec_of(0.03, 0.03, 0.05), 0.6, 0.25, 0};
  texture stone = {TEXTURE_MARBLE, vec_of(0.9, 0.88, 0.8), vec_of(0.35, 0.3, 0.4), 2.5, 0.05, 30};
  add(out, (thing){THING_FLOOR, {.floor = {-1.1}}, tiles});
  add(out, (thing){THING_TORUS, {.torus = {vec_of(0, 0, 0), vec_of(0, 1, 0), 2.6, 0.1}}, stone});
  chance heights = chance_from(2024);
  for (int i = 0; i < machines; i++) {
    double turn = TAU * (i + 0.5) / machines;
    double radius = 0.6 + 0.2 * chance_next(&heights);
    vec center = vec_of(2.6 * cos(turn), 0, 2.6 * sin(turn));
    texture paint = {TEXTURE_PLAIN, rainbow((double)i / machines), vec_of(0, 0, 0), 1, 0.25, 60};
    add(out, (thing){THING_SPHERE, {.sphere = {center, radius}}, paint});
  }
  light(out, vec_of(-5, 8, -6), vec_of(1.5, 1.4, 1.25));
  light(out, vec_of(6, 5, -2), vec_of(0.25, 0.3, 0.4));
}
