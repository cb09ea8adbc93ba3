import { oracleTable } from './oracle-table.ts'

/** Dependency files. */
export const DEPENDENCY_ROWS = oracleTable(`
  all headers                          | gcc clang | -MD -c main.c | tree
  user headers                         | gcc clang | -MMD -c main.c -o out/main.o | tree
  with phony targets                   | gcc clang | -MMD -MP -c main.c -o out/main.o | tree
  a file and targets of their own      | gcc clang | -MD -MF out/x.d -MT a$b -MQ c$d -c main.c | tree
  a file glued on                      | gcc clang | -MMD -MP -MFout/y.d -c main.c -o out/a.b.o | tree
  twice                                | gcc | -MD -MMD -c main.c -o out/plain | tree
  twice, of which clang minds one      | clang | -MD -MMD -c main.c -o out/plain | unknown-option
  by the preprocessor                  | gcc clang | -Wp,-MD,out/z.d -c main.c -o out/main.o | tree
  by the preprocessor, user headers    | gcc clang | -Wp,-MMD,out/z.d -MT named -c main.c -o out/main.o | tree
  by the preprocessor and the driver   | gcc clang | -Wp,-MD,out/z.d -MF out/other.d -c main.c | unknown-option
  by the preprocessor, more words      | gcc clang | -Wp,-MD,out/z.d,-MT,named -c main.c | unknown-option
  of assembly                          | gcc clang | -MD -S main.c | tree
  of a source with a space             | gcc clang | -MD -c with\\ space.c -o out/#odd\\ name.o | tree
  with a forced header                 | gcc clang | -MD -include include/forced.h -c forced.c | tree
  with system headers of one's own     | gcc clang | -MMD -I include -isystem sys -DNAME=1 -c include.c | tree
  with what links lead to              | gcc clang | -MD -c linked.c | tree
  with what is asked for               | gcc clang | -MD -c asked.c | tree
  with what is included twice          | gcc clang | -MD -c once.c | tree
  into nothing                         | gcc clang | -MD -MF /dev/null -c main.c | tree
  onto stdout                          | gcc clang | -MD -MF - -c bare.c | unknown-option
  into a device                        | gcc clang | -MD -MF /dev/stdout -c bare.c | unknown-option
  into a folder that is not there      | gcc clang | -MD -MF absent/x.d -c bare.c | write-failed | preprocess-failed
  into a folder                        | gcc clang | -MD -MF out -c bare.c | output-not-a-file
  over the object                      | gcc clang | -MD -MF out/same -c bare.c -o out/same | output-not-a-file
  of preprocessed text, of none        | gcc | -MD -c ready.i | tree
  of preprocessed text, which clang minds | clang | -MD -c ready.i | tree | unknown-option
  flags without -MD                    | gcc clang | -MP -MT x -c bare.c | unknown-option
  a file without -MD                   | gcc clang | -MF out/x.d -c bare.c | unknown-option
  missing headers yet to be made       | gcc | -MD -MG -c headless.c | preprocess-only
  of a failed compile                  | gcc clang | -MD -c wrong.c | remote-failed
  of a missing header                  | gcc clang | -MD -c headless.c | remote-failed | preprocess-failed
  by the environment                   | gcc | -c bare.c | environment | | DEPENDENCIES_OUTPUT=out/env.d
  by the environment, of Sun's         | gcc | -c bare.c | environment | | SUNPRO_DEPENDENCIES=out/env.d
  through a link                       | gcc clang | -MD -c main.c | output-not-a-file | | before: ln -s out/real.d main.d
  of two names                         | gcc clang | -MD -c main.c | output-not-a-file | | before: touch main.d && ln main.d out/main.d
  over one with rights of its own      | gcc clang | -MD -c main.c | tree | | before: echo old >main.d; chmod 640 main.d
  to nowhere                           | gcc clang | -MD -MF /dev/null -c main.c | tree
  of a compile and link                | gcc clang | -MD main.c -o out/program | not-a-compile
  of a compile and link, in a file     | gcc clang | -MMD -MF out/p.d main.c -o out/program | not-a-compile
  of a header seen by many paths       | gcc clang | -MD -I include -I sub/../include -I linked-folder -I sys -DNAME=1 -c include.c | tree
  of absolute folders                  | gcc clang | -MD -I $PWD/include -isystem $PWD/sys -DNAME=1 -c include.c | tree
`)
