import { oracleTable } from './oracle-table.ts'

/** What stands in sources and headers. */
export const SOURCE_ROWS = oracleTable(`
  nothing                              | gcc clang | -c empty.c | tree
  no line end at the end               | gcc clang | -c unended.c | tree
  a NUL                                | gcc | -c nul.c | tree | remote-printed
  a NUL                                | clang | -c nul.c | tree | preprocess-failed
  line ends of Windows                 | gcc clang | -c crlf.c | tree
  a byte order mark                    | gcc clang | -c bom.c | tree
  splices, trigraphs, comments         | gcc | -trigraphs -c lines.c | tree
  splices, trigraphs, comments         | clang | -trigraphs -c lines.c | tree | preprocess-failed
  raw strings                          | g++ clang++ | -std=c++20 -c raw.cpp | tree
  lines renumbered                     | gcc clang | -c parser.c | tree
  lines renumbered, traced             | gcc | -g -c parser.c | tree
  the names of files                   | gcc clang | -c sub/deep.c | tree
  macros pushed and popped             | gcc clang | -c pushed.c | tree | text-unfit
  once only, by two names              | gcc | -c both.c | tree | | before: ln include/once.h out/again.h && printf '#include "include/once.h"\\n#include "out/again.h"\\nint both;\\n' >both.c
  once only, by two names              | clang | -c both.c | text | | before: ln include/once.h out/again.h && printf '#include "include/once.h"\\n#include "out/again.h"\\nint both;\\n' >both.c
  once only, packed                    | gcc clang | -O2 -c once.c | tree
  imported                             | gcc | -c imported.c | tree | preprocess-failed
  imported                             | clang | -c imported.c | tree
  counted in conditions                | gcc | -c counter.c | tree | preprocess-failed
  counted in conditions                | clang | -c counter.c | tree | text-unfit
  counted                              | gcc | -c counted.c | tree
  counted                              | clang | -c counted.c | tree | text-unfit
  a header by a macro                  | gcc clang | -c computed.c | tree
  a header by a macro that is called   | gcc | -g -MD -c called.c | tree | | before: printf '#define NAME(x) <x.h>\\n#include NAME(stdio)\\nint main(void) { return puts("x"); }\\n' >called.c
  a header by a macro that is called   | clang | -g -MD -c called.c | tree | text but debug info | before: printf '#define NAME(x) <x.h>\\n#include NAME(stdio)\\nint main(void) { return puts("x"); }\\n' >called.c
  a header by a name that is put together | gcc clang | -MMD -c made.c | tree | | before: printf '#define TEXT(x) #x\\n#define NAME(x) TEXT(x.h)\\n#include NAME(include/local)\\n' >made.c
  a header by pasting                  | gcc clang | -c pasted.c | tree
  a header by an option                | gcc clang | -DGIVEN="include/local.h" -c given.c | tree
  a header as an option with brackets  | gcc clang | -Iinclude -DGIVEN=<local.h> -c given.c | tree
  a list included twice                | gcc clang | -c items.c | tree
  the next of a name                   | gcc clang | -Iearly -Ilate -c shadow.c | tree
  headers asked for                    | gcc clang | -c asked.c | tree
  headers asked for by a macro         | gcc clang | -c has.c | tree | | before: printf '#define HAS(x) __has_include(x)\\n#if HAS(<stdio.h>) && !HAS(<none.h>)\\nint there;\\n#endif\\n' >has.c
  headers never reached                | gcc clang | -c unreached.c | tree
  headers behind links                 | gcc clang | -c linked.c | tree
  a forced header                      | gcc clang | -include include/forced.h -O2 -c forced.c | tree
  two forced headers                   | gcc clang | -include include/forced.h -include include/local.h -c forced.c | tree
  a forced header along the path       | gcc clang | -I include -include forced.h -c forced.c | tree
  macros of another file               | gcc | -imacros include/forced.h -O2 -c forced.c | tree
  macros of another file               | clang | -imacros include/forced.h -O2 -c forced.c | tree | text-unfit
  a forced header that is not there    | gcc clang | -include absent.h -c bare.c | remote-failed | preprocess-failed
  the day and hour                     | gcc | -c dated.c | tree | tells-time | SOURCE_DATE_EPOCH=1700000000
  the day and hour                     | clang | -c dated.c | tree | tells-time | SOURCE_DATE_EPOCH=1700000000 varying
  the day                              | gcc | -c day.c | tree | tells-time
  the day                              | clang | -c day.c | tells-time
  the day, all warnings being errors   | gcc | -Wall -Wextra -Werror -Wno-date-time -g -c day.c | tree | tells-time
  the day, warned of                   | gcc | -Wdate-time -c day.c | tree | tells-time
  the day in another zone              | gcc clang | -c day.c | tells-time | | TZ=UTC-9
  the age of the file                  | gcc clang | -c aged.c | tells-time
  a day in a comment, badly indented   | gcc | -Wall -Werror -c indented.c | remote-failed | tells-time | before: printf '/* built __DATE__ */\\nint f(int a)\\n{\\n  if (a)\\n\\ta++;\\n\\ta++;\\n  return a;\\n}\\n' >indented.c
  the day, defined                     | gcc | -Wno-builtin-macro-redefined -D__DATE__="d" -D__TIME__="t" -c dated.c | tree | tells-time
  the day, defined                     | clang | -Wno-builtin-macro-redefined -D__DATE__="d" -D__TIME__="t" -c dated.c | tree | tells-time
  bytes for the assembler              | gcc clang | -c binary.c | tree | assembler-input
  strings of other letters             | gcc clang | -c umläut.c | tree
  strings that are no UTF-8            | gcc | -c latin.c | tree
  strings that are no UTF-8            | clang | -c latin.c | tree | remote-printed
  columns told                         | g++ | -std=c++20 -c modern.cpp | tree
  columns told by a sanitizer          | gcc clang | -fsanitize=undefined -c loops.c | tree
`)
