import { oracleTable } from './oracle-table.ts'

/** What compilers say. */
export const DIAGNOSTIC_ROWS = oracleTable(`
  a warning, with a tab before it      | gcc clang | -Wall -c warned.c | tree | remote-printed
  a warning switched off               | gcc clang | -w -c warned.c | tree
  a warning that is an error           | gcc clang | -Wall -Werror -c warned.c | remote-failed
  warnings of the preprocessor         | gcc clang | -Wall -Wextra -Wundef -Wunused-macros -c macros.c | tree | preprocess-failed
  unused macros                        | gcc | -Wunused-macros -c macros.c | tree | preprocess-failed
  unused macros                        | clang | -Wunused-macros -c macros.c | tree | remote-printed
  undefined macros                     | gcc clang | -Wundef -c macros.c | tree | preprocess-failed
  comparisons within macros            | gcc clang | -Wsign-compare -Wtautological-compare -Wparentheses -c macros.c | tree | remote-printed
  everything that clang knows          | clang | -Weverything -c macros.c | tree | preprocess-failed
  everything, of nothing               | clang | -Weverything -c empty.c | tree | remote-printed
  falling through                      | gcc clang | -Wimplicit-fallthrough -c falls.c | tree | remote-printed
  falling through, by level            | gcc | -Wimplicit-fallthrough=2 -c falls.c | tree | remote-printed
  extensions                           | gcc clang | -pedantic -c extended.c | tree | preprocess-failed
  extensions of an old standard        | gcc clang | -std=c89 -pedantic -c extended.c | tree | preprocess-failed
  extensions that are errors           | gcc clang | -std=c89 -pedantic-errors -c extended.c | remote-failed | preprocess-failed
  without extensions                   | gcc clang | -Wall -Wextra -pedantic -O2 -c main.c | tree
  messages                             | gcc | -Wall -c trodden.c | tree | remote-printed
  messages                             | clang | -Wall -c trodden.c | tree | preprocess-failed
  comments in comments                 | gcc clang | -Wcomment -Wtrigraphs -c nested.c | remote-failed | preprocess-failed
  junk behind directives               | gcc clang | -c directive.c | tree | preprocess-failed
  system headers that are quiet        | gcc clang | -Wall -Wextra -isystem sys -c quiet.c | tree
  system headers that are not          | gcc | -Wall -Wsystem-headers -isystem sys -c quiet.c | tree
  system headers that are not          | clang | -Wall -Wsystem-headers -isystem sys -c quiet.c | tree | remote-printed
  a warning in a header                | gcc clang | -Wall -c inlined.c | tree | remote-printed
  formats                              | gcc clang | -Wformat -c format.c | tree | remote-printed
  a use of what is old                 | gcc clang | -Wno-nonnull -c noted.c | tree | remote-printed
  what only optimizers see             | gcc clang | -O2 -Wall -c overflow.c | tree | remote-printed
  hints to fix                         | gcc | -Wno-implicit-function-declaration -fdiagnostics-parseable-fixits -c hint.c | tree
  hints to fix, as a patch             | gcc | -fdiagnostics-generate-patch -c hint.c | tree | remote-printed
  hints to fix, as a patch             | clang | -fdiagnostics-generate-patch -c hint.c | remote-failed | preprocess-failed
  a typing error                       | gcc clang | -c hint.c | tree | remote-printed
  an error in a macro                  | gcc clang | -c wrong.c | remote-failed
  an error in a macro, traced to it    | gcc | -ftrack-macro-expansion=0 -c wrong.c | remote-failed
  an error in templates                | g++ clang++ | -c deep.cpp | remote-failed
  an error of narrowing                | g++ clang++ | -Wall -c narrow.cpp | remote-failed
  a missing header                     | gcc clang | -c headless.c | remote-failed | preprocess-failed
  an error of the assembler            | gcc clang | -pipe -c assembled.c | remote-failed
  no carets                            | gcc | -fno-diagnostics-show-caret -Wall -c warned.c | tree | remote-printed
  no carets                            | clang | -fno-diagnostics-show-caret -Wall -c warned.c | remote-failed | preprocess-failed
  narrow                               | gcc clang | -fmessage-length=40 -Wall -c warned.c | tree | remote-printed
  in colours                           | gcc clang | -fdiagnostics-color=always -Wall -c warned.c | tree | remote-printed
  in colours of one's own              | gcc | -fdiagnostics-color=always -Wall -c warned.c | tree | remote-printed | GCC_COLORS=warning=01;36:caret=33
  in no colours                        | gcc clang | -fdiagnostics-color=never -Wall -c warned.c | remote-printed | | terminal TERM=xterm
  at a terminal                        | gcc clang | -Wall -c warned.c | remote-printed | | terminal TERM=xterm
  at a terminal, traced                | gcc clang | -g -gdwarf-4 -Wall -c warned.c | remote-printed | | terminal TERM=xterm
  at a terminal, quietly               | gcc clang | -g -gdwarf-4 -c main.c | tree | | terminal TERM=xterm
  at a terminal that is dumb           | gcc clang | -Wall -c warned.c | remote-printed | | terminal TERM=dumb
  at a terminal without a name         | gcc clang | -Wall -c warned.c | remote-printed | | terminal
  at a terminal, colours by the environment | gcc | -Wall -c warned.c | remote-printed | | terminal TERM=xterm GCC_COLORS=warning=01;36
  at a terminal, colours switched off  | gcc | -Wall -c warned.c | remote-printed | | terminal TERM=xterm GCC_COLORS=
  at a terminal, an error              | gcc clang | -c wrong.c | remote-failed | | terminal TERM=xterm
  for programs                         | gcc | -fdiagnostics-format=json -Wall -c warned.c | tree | extra-output
  for programs, in clang's words       | clang | -fdiagnostics-format=msvc -Wall -c warned.c | tree | extra-output
  numbers of columns                   | gcc | -fdiagnostics-column-unit=byte -Wall -c warned.c | tree | remote-printed
  at most one error                    | gcc | -fmax-errors=1 -c wrong.c | remote-failed
  options unknown, of a warning        | gcc | -Wno-such-thing -c bare.c | tree
  options unknown, of a warning        | clang | -Wno-such-thing -c bare.c | tree | preprocess-failed
  options unknown, of a warning, on    | clang | -Wsuch-thing -c bare.c | tree | preprocess-failed
  pointless options                    | clang | -shared-libgcc -lm -Wl,-O1 -c bare.c | tree | preprocess-failed
  pointless options, quietly           | clang | -Qunused-arguments -lm -c bare.c | tree
  a compiler that dies                 | gcc | -c deep.c | remote-failed | | before: { printf 'int a = '; head -c 300000 /dev/zero ¦ tr '\\0' '('; } >deep.c
  a compiler that dies, with its last words | clang | -fno-crash-diagnostics -c crash.c | remote-failed | preprocess-failed | varying before: echo '#pragma clang __debug crash' >crash.c
  analysis of what could be            | gcc | -fanalyzer -c noted.c | tree | remote-printed
`)
