import { commandTable } from './command-table.ts'

/** What `make` is told. The preprocessor here writes the file; the worker never hears of it. */
export const DEPENDENCY_ROWS = commandTable(`
  -MD                                        | gcc clang | -MD -c a.c | remote a.o d=a.d
  -MMD                                       | gcc clang | -MMD -c a.c | remote a.o d=a.d
  -MF                                        | gcc clang | -MD -MF x/y.d -c a.c | remote a.o d=x/y.d
  -MF glued                                  | gcc clang | -MD -MFx/y.d -c a.c | remote a.o d=x/y.d
  beside the output, not the source          | gcc clang | -MD -c src/a.c -o out/b.o | remote out/b.o d=out/b.d
  without -o in the working directory        | gcc clang | -MD -c src/a.c | remote a.o d=a.d
  an output without a suffix                 | gcc clang | -MD -c a.c -o out/plain | remote out/plain d=out/plain.d
  an output with two suffixes                | gcc clang | -MMD -c a.c -o out/a.b.o | remote out/a.b.o d=out/a.b.d
  of assembly                                | gcc clang | -MD -S a.c | remote a.s mode=assembly d=a.d
  targets and empty rules                    | gcc clang | -MMD -MP -MT t1 -MQ t2 -MFf.d -c a.c | remote a.o d=f.d
  automake's way                             | gcc clang | -MT a.o -MD -MP -MF .deps/a.Tpo -c -o a.o a.c | remote a.o d=.deps/a.Tpo
  the kernel's way                           | gcc clang | -Wp,-MMD,x/.a.o.d -c -o x/a.o a.c | remote x/a.o d=x/.a.o.d
  the kernel's way, all headers              | gcc clang | -Wp,-MD,x/.a.o.d -c -o x/a.o a.c | remote x/a.o d=x/.a.o.d
  NMake's way                                | clang | -MD -MV -c a.c | remote a.o d=a.d
  both ways at once                          | gcc clang | -Wp,-MD,x.d -MF y.d -c a.c | heavy unknown-option
  both ways at once, the other way round     | gcc clang | -MD -Wp,-MD,x.d -c a.c | heavy unknown-option
  the kernel's way and more                  | gcc clang | -Wp,-MD,x.d,-P -c a.c | heavy unknown-option
  -MD and -MMD: the latter                   | gcc | -MD -MMD -c a.c | remote a.o d=a.d
  -MD and -MMD, of which clang warns         | clang | -MD -MMD -c a.c | heavy unknown-option
  -MF without -MD                            | gcc clang | -MF a.d -c a.c | heavy unknown-option
  -MT without -MD                            | gcc clang | -MT x -c a.c | heavy unknown-option
  -MP without -MD                            | gcc clang | -MP -c a.c | heavy unknown-option
  to nowhere                                 | gcc clang | -MD -MF /dev/null -c a.c | remote a.o d=/dev/null
  to stdout                                  | gcc clang | -MD -MF - -c a.c | heavy unknown-option
  to stderr                                  | gcc clang | -MD -MF /dev/stderr -c a.c | heavy unknown-option
  into a folder that is not there            | gcc clang | -MD -MF missing/a.d -c a.c | remote a.o d=missing/a.d
  generated headers yet to come              | gcc clang | -MD -MG -c a.c | light preprocess-only
  the environment asks                       | gcc clang | -c a.c | heavy environment | DEPENDENCIES_OUTPUT=x.d
  the environment asks for all               | gcc clang | -c a.c | heavy environment | SUNPRO_DEPENDENCIES=x.d\\ a.o
  of preprocessed text gcc writes none       | gcc | -MD -c a.i | remote a.o language=cpp-output
  of preprocessed text, of which clang warns | clang | -MD -c a.i | tree unknown-option a.o language=cpp-output
  of assembly sources                        | gcc clang | -MD -c a.S | tree assembler-source a.o language=assembler-with-cpp d=a.d
`)
