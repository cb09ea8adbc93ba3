#ifndef RENDER_H
#define RENDER_H

#include "camera.h"
#include "picture.h"
#include "scene.h"

/* Fills the picture; each pixel is the mean of samples * samples rays. */
void render(const scene *world, const camera *view, picture *out, int samples);
/* The light that comes along a ray. */
vec shade(const scene *world, ray r, int depth);

#endif
