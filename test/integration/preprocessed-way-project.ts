/** Sources that each hold what is hard about preprocessing them apart. By path; `out/keep` makes the folder. */
export const PROJECT: Readonly<Record<string, string>> = {
  'out/keep': '',
  'flags.rsp': '-O2\n-DFROM_FILE="a b" \'-DOTHER=c d\' -DESCAPED=\\"x\\"\n',
  'include/local.h': `#ifndef LOCAL_H
#define LOCAL_H
#define SQUARE(x) ((x) * (x))
static inline int squared(int number) { return SQUARE(number); }
#endif
`,
  'include/forced.h': '#define FORCED 42\n#define TWICE(x) ((x) + (x))\n',
  'include/once.h': '#pragma once\nstatic inline int once(void) { return __LINE__; }\n',
  'sys/system.h': '#define SYSTEM_MAX(a, b) ((a) > (b) ? (a) : (b))\n',
  'main.c': `#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "include/local.h"

#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define STRINGIFY(x) #x
#define SHOW(x) printf("%s = %d\\n", STRINGIFY(x), (x))

/* A comment, and a switch that falls through. */
static int grade(int points) {
  switch (points) {
    case 1:
      points += 2;
      /* fall through */
    case 2:
      return points;
    default:
      return MAX(points, 3);
  }
}

int main(int argc, char **argv) {
  assert(argc > 0);
  SHOW(squared(argc)); SHOW(grade(argc));
  if (strcmp(argv[0], __FILE__) == 0) errno = EINVAL;
  return argc > 1 ? fprintf(stderr, "%d\\n", __LINE__) : 0;
}
`,
  'ansi.c':
    '#ifdef __STRICT_ANSI__\nint strict = 1;\n#else\n#error\n#endif\n#if __STDC_IEC_559__\nint iec = __STDC_IEC_559__;\n#endif\n',
  'defines.c': 'const char *name = NAME;\n',
  'include.c': '#include <system.h>\n#include <local.h>\nint main(void) { return SYSTEM_MAX(NAME, squared(2)); }\n',
  'forced.c': '#include <stdio.h>\nint main(void) { return printf("%d", TWICE(FORCED)); }\n',
  'bare.c':
    'int plus(int a, int b) { return a + b; }\nstatic int hidden(int a) { return a * 2; }\nint twice(int a) { return hidden(a); }\n',
  'odd.name': 'int odd;\n',
  'sub/deep.c':
    '#include "../include/local.h"\nconst char *file = __FILE__, *base = __BASE_FILE__;\nint depth = __INCLUDE_LEVEL__;\nint deep(int x) { return squared(x); }\n',
  'parser.c':
    'int before;\n#line 100 "parser.y"\nint rule(int a) { return a + __LINE__; }\n#line 7 "parser.c"\nint after(int a) { return a - __LINE__; }\nconst char *file = __FILE__;\n',
  'empty.c': '',
  'lines.c':
    'int spl\\\niced = 1; // a comment \\\n   that goes on\nchar tri[] = "??(";\n#define LONG(a, \\\n  b) ((a) + \\\n (b))\nint sum = LONG(1,\n 2) + __LINE__;\nint last = __LINE__;',
  'pushed.c':
    '#define VALUE 1\n#pragma push_macro("VALUE")\n#undef VALUE\n#define VALUE 2\n#if VALUE == 2\nint two = VALUE;\n#endif\n#pragma pop_macro("VALUE")\n#if VALUE == 1\nint one = VALUE;\n#endif\n',
  'once.c':
    '#include "include/once.h"\n#include "include/../include/once.h"\n#pragma pack(push, 1)\nstruct packed { char a; int b; };\n#pragma pack(pop)\n_Pragma("GCC diagnostic push") int size = sizeof(struct packed);\n_Pragma("GCC diagnostic pop") int call(void) { return once(); }\n',
  'counter.c': '#if __COUNTER__ == 0\nint first = __COUNTER__;\n#endif\nint second = __COUNTER__;\n',
  'counted.c':
    '#define UNIQUE_(a, b) a##b\n#define UNIQUE(a, b) UNIQUE_(a, b)\nint UNIQUE(x, __COUNTER__) = 1;\nint UNIQUE(x, __COUNTER__) = __COUNTER__;\n',
  'dated.c': 'const char *built = __DATE__ " " __TIME__;\n',
  'aged.c': 'const char *changed = __TIMESTAMP__;\n',
  'with space.c': '#include "include/local.h"\nconst char *file = __FILE__;\nint number(void) { return squared(3); }\n',
  'umläut.c': 'const char *text = "Grüße", *file = __FILE__;\n',
  'ready.i': '# 1 "ready.c"\nint ready(void) { return 1; }\n',
  'ready.ii': '# 1 "ready.cpp"\nnamespace { int hidden() { return 1; } }\nint ready() { return hidden(); }\n',
  'templates.cpp': `#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>
#define LOG(x) std::cout << __FILE__ << ':' << __LINE__ << ' ' << (x) << std::endl

namespace {
template <typename T> struct Box {
  explicit Box(T value) : value_(std::move(value)) {}
  const T &get() const { return value_; }
 private:
  T value_;
};
struct Hidden { virtual ~Hidden() = default; virtual int number() const { return 7; } };
}  // namespace

int main() {
  std::map<std::string, std::vector<int>> lists;
  lists["one"].push_back(1);
  auto hidden = std::make_unique<Hidden>();
  Box<std::string> box("text");
  std::sort(lists["one"].begin(), lists["one"].end(), [](int a, int b) { return a > b; });
  LOG(box.get()); LOG(hidden->number());
  return 0;
}
`,
  'raw.cpp': `const char *text = R"(first
#include "nothing.h"
#define NOT_A_MACRO 1
/* not a comment )";
#ifdef NOT_A_MACRO
#error
#endif
int separated = 1'000'000;
const char *other = R"--(#if 0 "quoted" )--" "\\
tail";
`,
}
