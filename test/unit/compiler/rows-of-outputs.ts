import { commandTable } from './command-table.ts'

/** Further outputs, further inputs, and what is more than one compile. */
export const OUTPUT_ROWS = commandTable(`
  coverage                                   | gcc clang | --coverage -c a.c | tree profile a.o extra=a.gcno
  coverage, in parts                         | gcc clang | -fprofile-arcs -ftest-coverage -c a.c | tree profile a.o extra=a.gcno
  coverage of conditions                     | gcc | -fcondition-coverage -c a.c | tree profile a.o extra=a.gcno
  coverage, clang's way                      | clang | -fprofile-instr-generate -fcoverage-mapping -c a.c | tree profile a.o
  writing a profile                          | gcc clang | -fprofile-generate -c a.c | tree profile a.o
  writing a profile into a folder            | gcc clang | -fprofile-generate=dir -c a.c | tree profile a.o
  reading a profile                          | gcc | -fprofile-use=a.gcda -c a.c | tree profile a.o in=a.gcda,a.gcda/a.gcda,a.gcda/#w#a.gcda
  reading a profile                          | clang | -fprofile-use=a.gcda -c a.c | tree profile a.o in=a.gcda,a.gcda/default.profdata
  reading a profile, clang's way             | clang | -fprofile-instr-use=x.profdata -c a.c | tree extra-input a.o in=x.profdata
  reading samples                            | gcc | -fauto-profile=x.afdo -c a.c | tree profile a.o in=x.afdo,x.afdo/a.gcda,x.afdo/#w#a.gcda
  reading samples                            | clang | -fauto-profile=x.afdo -c a.c | tree profile a.o in=x.afdo,x.afdo/default.profdata
  reading samples, clang's way               | clang | -fprofile-sample-use=x -c a.c | tree extra-input a.o in=x
  reading branches                           | gcc | -fbranch-probabilities -c a.c | tree profile a.o in=a.gcda,#w#a.gcda,fbdata.afdo
  a profile option yet to be invented        | gcc clang | -fprofile-new=x -c a.c | heavy profile
  atomic counters without a profile          | gcc clang | -fprofile-update=atomic -c a.c | remote a.o
  temporary files kept                       | gcc clang | -save-temps -c a.c | heavy extra-output
  temporary files kept beside the output     | gcc clang | -save-temps=obj -c a.c -o x/a.o | heavy extra-output
  temporary files kept, the long way         | gcc clang | --save-temps=cwd -c a.c | heavy extra-output
  dumps                                      | gcc | -fdump-tree-all -c a.c | heavy extra-output
  dumps by letters                           | gcc | -dr -c a.c | heavy extra-output
  all dumps                                  | gcc | -da -c a.c | heavy extra-output
  what was optimized                         | gcc | -fopt-info-vec=a.txt -c a.c | heavy extra-output
  what was optimized, on stderr              | gcc | -fopt-info -c a.c | tree extra-output a.o
  stack usage                                | gcc clang | -fstack-usage -c a.c -o x/a.o | remote x/a.o extra=x/a.su
  call graphs                                | gcc | -fcallgraph-info -c a.c | remote a.o extra=a.ci
  diagnostics in a file                      | clang | --serialize-diagnostics a.dia -c a.c | tree extra-output a.o extra=a.dia
  a trace of time                            | clang | -ftime-trace -c a.c | heavy extra-output
  a report of time                           | gcc clang | -ftime-report -c a.c | heavy extra-output
  a report of memory                         | gcc | -fmem-report -c a.c | heavy extra-output
  prototypes in a file                       | gcc | -aux-info a.X -c a.c | tree extra-output a.o extra=a.X
  analysis                                   | clang | --analyze a.c | heavy extra-output
  an index                                   | clang | -index-store-path idx -c a.c | heavy extra-output
  a record of optimizations                  | gcc | -fsave-optimization-record -c a.c | heavy extra-output
  a record of optimizations                  | clang | -fsave-optimization-record -c a.c | tree extra-output a.o extra=a.opt.yaml
  a record of optimizations, by its name     | clang | -foptimization-record-file=x -c a.c | tree extra-output a.o extra=x
  LLVM's own code                            | clang | -emit-llvm -c a.c | heavy extra-output
  optimizing at link time                    | gcc clang | -flto -O2 -c a.c | remote a.o
  optimizing at link time, in parallel       | gcc | -flto=auto -c a.c | remote a.o
  optimizing at link time, thinly            | clang | -flto=thin -c a.c | remote a.o
  the whole program                          | gcc | -fwhole-program -c a.c | remote a.o
  ThinLTO's index                            | clang | -fthinlto-index=x.bc -c a.c | heavy extra-input
  lists for sanitizers                       | clang | -fsanitize=address -fsanitize-ignorelist=x.txt -c a.c | tree extra-input a.o in=x.txt
  a seed in a file                           | clang | -frandomize-layout-seed-file=seed -c a.c | tree extra-input a.o in=seed
  making a precompiled header                | gcc clang | -c x.h -o x.h.gch | heavy precompiled-header
  a forced header                            | gcc clang | -include x.h -c a.c | remote a.o
  a forced header, precompiled by gcc        | gcc clang | -include x.h -c a.c | tree precompiled-header a.o | /w/x.h.gch=P
  a forced header, precompiled by clang      | gcc clang | -include sub/x.h -c a.c | tree precompiled-header a.o | /w/sub/x.h.pch=P
  a forced header, precompiled in variants   | gcc clang | -include /w/x.h -c a.c | tree precompiled-header a.o | /w/x.h.gch/
  a precompiled header by its name           | clang | -include-pch x.pch -c a.c | tree precompiled-header a.o in=x.pch
  precompiled headers preprocessed           | gcc | -fpch-preprocess -c a.c | heavy precompiled-header
  precompiled headers to be warned about     | gcc clang | -Winvalid-pch -c a.c | tree precompiled-header a.o
  modules                                    | clang | -fmodules -c a.c | heavy modules
  modules, gcc's way                         | g++ | -fmodules-ts -c a.cpp | heavy modules
  a module file                              | clang | -fmodule-file=x.pcm -c a.cpp | heavy modules
  a module map                               | clang | -fmodule-map-file=x -c a.c | heavy modules
  prebuilt modules                           | clang | -fprebuilt-module-path=x -c a.cpp | heavy modules
  no modules                                 | clang | -fno-modules -c a.c | remote a.o
  words for clang's own ears                 | clang | -Xclang -fno-pch-timestamp -c a.c | tree precompiled-header a.o
  words for clang's own ears, unknown        | clang | -Xclang -disable-llvm-passes -c a.c | heavy unknown-option
  a precompiled header as CMake names it     | clang | -Xclang -include-pch -Xclang x.pch -Xclang -include -Xclang x.h -c a.c | tree precompiled-header a.o in=x.pch
  a precompiled header of another name       | clang | -include-pch x.ast -c a.c | heavy precompiled-header
  a precompiled header without its name      | clang | -c a.c -Xclang -include-pch | heavy unknown-option
  a precompiled header called as an option   | clang | -c a.c -Xclang -include-pch -Xclang -load -Xclang x.so | heavy precompiled-header
  words for LLVM's ears                      | clang | -mllvm -inline-threshold=9 -c a.c | heavy unknown-option
  offloading                                 | gcc clang | -fopenmp -foffload=nvptx-none -c a.c | heavy several-architectures
  warnings as errors                         | gcc clang | -Wall -Wextra -Werror -pedantic -c a.c | remote a.o
`)
