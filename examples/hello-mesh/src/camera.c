#include "camera.h"

#include <math.h>

camera camera_of(vec eye, vec target, double degrees) {
  camera view;
  view.eye = eye;
  view.forward = vec_unit(vec_sub(target, eye));
  view.right = vec_unit(vec_cross(vec_of(0, 1, 0), view.forward));
  view.up = vec_cross(view.forward, view.right);
  view.spread = tan(degrees * 3.141592653589793 / 360);
  return view;
}

ray camera_ray(const camera *view, double x, double y, double aspect) {
  vec sideways = vec_scale(view->right, x * aspect * view->spread);
  vec upwards = vec_scale(view->up, y * view->spread);
  return ray_of(view->eye, vec_add(view->forward, vec_add(sideways, upwards)));
}
