#ifndef TEXTURE_H
#define TEXTURE_H

#include "vec.h"

/* How a surface looks at a point. */
typedef struct {
  vec color;
  double mirror; /* share of light that is reflected, 0 to 1 */
  double gloss;  /* sharpness of highlights; 0 has none */
} surface;

typedef enum { TEXTURE_PLAIN, TEXTURE_CHECKERS, TEXTURE_MARBLE } texture_kind;

typedef struct {
  texture_kind kind;
  vec color, other;
  double scale;
  double mirror, gloss;
} texture;

surface texture_at(const texture *look, vec point);

#endif
