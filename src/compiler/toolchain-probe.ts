/**
 * A few lines whose object tells compilers apart that say the same of themselves: loops, floating point, bit-fields,
 * strings, a switch, an inlined call. Part of the identity: a change makes all toolchains new.
 */
export const PROBE = `
struct packet { unsigned kind : 3; unsigned length : 13; const char *name; double weight; };

static inline int clamp(int value, int low, int high) { return value < low ? low : value > high ? high : value; }

double dot(const double *restrict left, const double *restrict right, unsigned count) {
  double sum = 0;
  for (unsigned index = 0; index < count; index += 1) sum += left[index] * right[index];
  return sum;
}

const char *kind_name(const struct packet *packet) {
  switch (packet->kind) {
    case 0: return "none";
    case 1: return "request";
    case 2: return packet->length > 100 ? "long reply" : "reply";
    case 5: return packet->name;
    default: return "unknown";
  }
}

int total(const struct packet *packets, int count) {
  int sum = 0;
  for (int index = 0; index < count; index += 1)
    sum += clamp((int)packets[index].length * (int)(packets[index].weight / 3.0), -1000, 1000);
  return sum;
}

unsigned long long mix(unsigned long long value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  return value % 1000003ULL;
}
`
