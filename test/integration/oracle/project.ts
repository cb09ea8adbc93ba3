/** Sources that each hold what is hard about compiling them elsewhere. By path, whose bytes are written as latin1. */
export const ORACLE_PROJECT: ReadonlyMap<string, string | Buffer> = new Map<string, string | Buffer>(
  Object.entries({
    'out/keep': '',
    'stdin.c': 'int from_stdin;\n',
    'flags.rsp': '-O2\n-DFROM_FILE="a b" \'-DOTHER=c d\' -DESCAPED=\\"x\\"\n',
    'nested.rsp': '@flags.rsp -Wall\n',
    'source.rsp': '-c main.c -o "out/of response.o"\n',

    'include/local.h': `#ifndef LOCAL_H
#define LOCAL_H
#define SQUARE(x) ((x) * (x))
static inline int squared(int number) { return SQUARE(number); }
#endif
`,
    'include/forced.h': '#define FORCED 42\n#define TWICE(x) ((x) + (x))\n',
    'include/once.h': '#pragma once\nstatic inline int once(void) { return __LINE__; }\n',
    'include/x.inc': 'ITEM(one, 1)\nITEM(two, 2)\n',
    'early/shadowed.h': '#define SHADOWED 1\n#include_next <shadowed.h>\n',
    'late/shadowed.h': '#define SHADOWED_LATE 2\n',
    'sys/system.h':
      '#define SYSTEM_MAX(a, b) ((a) > (b) ? (a) : (b))\nstatic int never_used(void) { int quiet; return 1; }\n',
    'marked.h': '#pragma GCC system_header\nstatic int also_unused(void) { int quiet; return 2; }\n',
    'data.bin': 'four',
    'list.txt': 'src:*/nothing.c\nfun:untouched\n',

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
    'second.c': 'int second(void) { return 2; }\n',
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
    'loops.c':
      'float sum(const float *values, int count) {\n  float total = 0;\n  for (int at = 0; at < count; at++) total += values[at] * values[at];\n  return total;\n}\nint heavy(int a, int b, int c) { return (a << b) ^ (c * a) ^ __builtin_popcount(a); }\n',

    // What preprocessors find hard.
    'parser.c':
      'int before;\n#line 100 "parser.y"\nint rule(int a) { return a + __LINE__; }\n#line 7 "parser.c"\nint after(int a) { return a - __LINE__; }\nconst char *file = __FILE__;\n',
    'empty.c': '',
    'unended.c': 'int unended;',
    'nul.c': 'int before\0; int after;\n',
    'crlf.c': '#include "include/local.h"\r\nint crlf(void) {\r\n  return squared(2);\r\n}\r\n',
    'bom.c': Buffer.from('\u{FEFF}int marked;\n'),
    'lines.c':
      'int spl\\\niced = 1; // a comment \\\n   that goes on\nchar tri[] = "??(";\n#define LONG(a, \\\n  b) ((a) + \\\n (b))\nint sum = LONG(1,\n 2) + __LINE__;\nint last = __LINE__;',
    'pushed.c':
      '#define VALUE 1\n#pragma push_macro("VALUE")\n#undef VALUE\n#define VALUE 2\n#if VALUE == 2\nint two = VALUE;\n#endif\n#pragma pop_macro("VALUE")\n#if VALUE == 1\nint one = VALUE;\n#endif\n',
    'once.c':
      '#include "include/once.h"\n#include "include/../include/once.h"\n#pragma pack(push, 1)\nstruct packed { char a; int b; };\n#pragma pack(pop)\n_Pragma("GCC diagnostic push") int size = sizeof(struct packed);\n_Pragma("GCC diagnostic pop") int call(void) { return once(); }\n',
    'imported.c': '#import "include/local.h"\n#import "include/local.h"\nint imported(void) { return squared(4); }\n',
    'counter.c': '#if __COUNTER__ == 0\nint first = __COUNTER__;\n#endif\nint second = __COUNTER__;\n',
    'counted.c':
      '#define UNIQUE_(a, b) a##b\n#define UNIQUE(a, b) UNIQUE_(a, b)\nint UNIQUE(x, __COUNTER__) = 1;\nint UNIQUE(x, __COUNTER__) = __COUNTER__;\n',
    'computed.c': '#define HEADER "include/local.h"\n#include HEADER\nint computed(void) { return squared(5); }\n',
    'pasted.c':
      '#define TEXT_(x) #x\n#define TEXT(x) TEXT_(x)\n#define DIR include\n#include TEXT(DIR/local.h)\nint pasted(void) { return squared(6); }\n',
    'given.c': '#include GIVEN\nint given(void) { return squared(7); }\n',
    'items.c':
      '#define ITEM(name, value) name = value,\nenum {\n#include "include/x.inc"\n};\n#undef ITEM\n#define ITEM(name, value) int get_##name(void) { return value; }\n#include "include/x.inc"\n',
    'shadow.c': '#include <shadowed.h>\nint shadow = SHADOWED + SHADOWED_LATE;\n',
    'asked.c':
      '#if __has_include("no-such.h")\n#error\n#elif __has_include(<stdio.h>) && __has_include("include/local.h")\nint asked = 1;\n#endif\n',
    'unreached.c':
      '#if 0\n#include "no-such.h"\n#endif\n#ifdef __APPLE__\n#include <TargetConditionals.h>\n#endif\nint reached;\n',
    'linked.c': '#include "link.h"\nint linked(void) { return squared(8); }\n',
    'umläut.c': Buffer.from('const char *text = "Grüße", *file = __FILE__;\n'),
    'latin.c': 'const char *text = "Gr\xfc\xdfe";\n',
    'dated.c': 'const char *built = __DATE__ " " __TIME__;\n',
    'day.c': 'const char *built = __DATE__;\n',
    'hour.c': 'const char *built = __TIME__;\n',
    'aged.c': 'const char *changed = __TIMESTAMP__;\n',
    'binary.c': '__asm__(".globl data\\ndata: .incbin \\"data.bin\\"\\n");\nint binary;\n',
    'bytes.S': '#include "include/forced.h"\n.globl bytes\nbytes: .long FORCED\n.incbin "data.bin"\n',
    'plain.s': '.globl plain\nplain: .long 7\n.include "more.inc"\n',
    'small.s': '.globl small\nsmall: .long 7\n',
    'more.inc': '.long 8\n',
    'sub/more.inc': '.long 9\n',
    'searched.s': '.globl searched\nsearched: .long 1\n.include "far.inc"\n',
    'sub/far.inc': '.long 10\n',
    'ready.i': '# 1 "ready.c"\nint ready(void) { return 1; }\n',
    'ready.ii': '# 1 "ready.cpp"\nnamespace { int hidden() { return 1; } }\nint ready() { return hidden(); }\n',
    'system.i':
      '# 1 "a.c"\n# 1 "/usr/include/x.h" 1 3\nstatic int quiet(void) { int unused; return 1; }\n# 2 "a.c" 2\nint a;\n',

    // What compilers complain about.
    'warned.c': 'int answer(void) {\n\tint unused; return 42;\n}\nstatic int idle(void) { return 1; }\n',
    'wrong.c':
      '#include <stdio.h>\n#define CALL(x) missing_##x(x)\nint main(void) { return CALL(one) + missing_name; }\n',
    'headless.c': '#include "no-such-header.h"\nint answer;\n',
    'macros.c':
      '#include "include/local.h"\n#define UNUSED_HERE 1\n#define MIN(a, b) a < b ? a : b\n#if UNDEFINED_HERE\n#endif\nunsigned count;\nint less(int a) { if (a < count) return MIN(a, 2) * 2; return a == a; }\n',
    'falls.c':
      'int f(int a) {\n  switch (a) {\n    case 1: a++;\n    case 2: a += 2; /* fallthrough */\n    case 3: a += 3;\n  }\n  return a;\n}\n',
    'extended.c': 'struct empty {};\nint zero[0];\nlong long big = 1LL;\nint binary = 0b101;\n#warning look here\n',
    'trodden.c': '#pragma message "on my way"\n#pragma unknown thing\nint trodden;\n',
    'nested.c': 'int a; /* one /* two */\nchar *t = "??=";\n#endif_like\n',
    'directive.c': '#if 1\nint a;\n#else junk\n#endif junk\n#define A 1\n#define A 2\n',
    'quiet.c': '#include <system.h>\n#include "marked.h"\nint quiet_main(void) { return 0; }\n',
    'inlined.c': '#include "loud.h"\nint inlined(void) { return loud(); }\n',
    'loud.h': 'static inline int loud(void) {\n\tint never_read = 1; return 3;\n}\n',
    'format.c': '#include <stdio.h>\nvoid say(long n) { printf("%d %s\\n", n); }\n',
    'assembled.c': '__asm__("no_such_instruction");\n',
    'noted.c': 'void old(void) __attribute__((deprecated("use new")));\nvoid call(void) { old(); }\n',
    'overflow.c':
      '#include <string.h>\nchar small[4];\nvoid f(void) { memset(small, 0, 8); }\nint g(void) { int a[2]; return a[2]; }\n',
    'narrow.cpp': 'struct A { virtual void f(); };\nint main() { int x{3.5}; A *a = nullptr; delete a; return x; }\n',
    'deep.cpp':
      'template <int N> struct Deep { static const int value = Deep<N - 1>::value; };\ntemplate <> struct Deep<0> { static const int value = missing; };\nint deep = Deep<5>::value;\n',
    'hint.c': '#include <stdio.h>\nint main(void) { prinft("x"); return 0; }\n',

    // C++
    'templates.cpp': `#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>
#define HERE(x) (__FILE__ + std::to_string(__LINE__) + (x))

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
  return int(HERE(box.get()).size()) + hidden->number();
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
    'modern.cpp':
      '#include <concepts>\n#include <source_location>\ntemplate <std::integral T> T twice(T a) { return a + a; }\nint four = twice(2);\nunsigned line() { return std::source_location::current().column(); }\n',
    'plain.cpp': 'namespace { struct S { int a = 1; }; }\nint plain() { S s; return s.a; }\n',
    'pre.h': '#include <stdio.h>\n#include <string.h>\n#define FORCED 42\n#define TWICE(x) ((x) + (x))\n',
    'module.cppm': 'export module thing;\nexport int one() { return 1; }\n',
    'conftest.c': 'int main(void) { return 0; }\n',

    // Names
    'with space.c':
      '#include "include/local.h"\nconst char *file = __FILE__;\nint number(void) { return squared(3); }\n',
    'quo\'te".c': 'const char *file = __FILE__;\n',
    'com,ma.c': 'const char *file = __FILE__;\n',
    'back\\slash.c': 'const char *file = __FILE__;\n',
    'dol$lar.c': 'const char *file = __FILE__;\n',
    'ha#sh.c': '#include "include/local.h"\nconst char *file = __FILE__;\n',
    'per%cent.c': 'const char *file = __FILE__;\n',
    'co:lon.c': 'const char *file = __FILE__;\n',
    '-dash.c': 'const char *file = __FILE__;\n',
    '@at.c': 'const char *file = __FILE__;\n',
    '+plus=.c': 'const char *file = __FILE__;\n',
    'li\nne.c': 'const char *file = __FILE__;\n',
    '\xff\xfe.c': 'const char *file = __FILE__;\n',
    'caf\xe9/inner.c': 'const char *file = __FILE__;\n',
    'caf\xe9/named.h': 'int named;\n',
    'byte.c': '#include "caf\xe9/named.h"\n',
    'odd #$ \\ names.h': 'int odd_names;\n',
    'odd.c': '#include "odd #$ \\ names.h"\n#include "odd names.h"\n',
    'odd names.h': 'int more_odd_names;\n',
    [`${'l'.repeat(240)}.c`]: 'const char *file = __FILE__;\n',
    [`${'long/'.repeat(30)}far.c`]: '#include "near.h"\nconst char *file = __FILE__;\n',
    [`${'long/'.repeat(30)}near.h`]: 'int near_by;\n',
    '.hidden.c': 'int hidden;\n',
    'two.dots.c': 'int dots;\n',
    'upper.C': 'int upper() { return 1; }\n',
    'name.cc': 'int cc;\n',
    'name.cxx': 'int cxx;\n',
    'name.c++': 'int plusplus;\n',
    'name.CPP': 'int cpp;\n',
  }).map(([name, text]) => [utf8AsLatin1(name), text] as const),
)

/** Links of the project: where each leads to. */
export const ORACLE_LINKS: ReadonlyMap<string, string> = new Map([
  ['link.h', 'include/local.h'],
  ['linked-folder', 'include'],
  ['out/link.o', 'nowhere.o'],
])

/** Names above are written as they read; those that are no UTF-8 are latin1 already. */
function utf8AsLatin1(name: string): string {
  return name.startsWith('umläut') ? Buffer.from(name).toString('latin1') : name
}
