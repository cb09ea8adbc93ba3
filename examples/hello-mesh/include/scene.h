#ifndef SCENE_H
#define SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "shapes.h"
#include "texture.h"

typedef enum { THING_SPHERE, THING_FLOOR, THING_TORUS } thing_kind;

typedef struct {
  thing_kind kind;
  union {
    sphere sphere;
    floor_plane floor;
    torus torus;
  } shape;
  texture look;
} thing;

typedef struct {
  vec position;
  vec color;
} lamp;

#define SCENE_THINGS_MAX 32
#define SCENE_LAMPS_MAX 4

typedef struct {
  thing things[SCENE_THINGS_MAX];
  size_t things_count;
  lamp lamps[SCENE_LAMPS_MAX];
  size_t lamps_count;
} scene;

/* The machines of a mesh: spheres in a ring, all joined to all by a wheel, over a chequered floor. */
void scene_of_mesh(scene *out, int machines);
/* The first thing that the ray meets, or NULL. */
const thing *scene_meets(const scene *world, ray r, hit *where);
/* Whether anything stands between two points. */
bool scene_blocks(const scene *world, vec from, vec to);

#endif
