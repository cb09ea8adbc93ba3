import { oracleTable } from './oracle-table.ts'

/** Further outputs and inputs: profiles, precompiled headers, records. */
export const OUTPUT_ROWS = oracleTable(`
  coverage                             | gcc | --coverage -frandom-seed=1 -c main.c -o out/main.o | tree | profile
  coverage                             | clang | --coverage -c main.c -o out/main.o | tree | profile
  plugins of passes                      | clang | -fpass-plugin=nowhere.so -c bare.c | plugin
  plugins by the compiler proper         | clang | -Xclang -load -Xclang nowhere.so -c bare.c | unknown-option
  plugins added                          | clang | -Xclang -add-plugin -Xclang nothing -c bare.c | unknown-option
  a profile of samples                   | clang | -fprofile-sample-use=nowhere.prof -c bare.c | remote-failed | extra-input
  a profile of samples, gcc's            | gcc | -fauto-profile=nowhere.afdo -c bare.c | remote-failed | profile
  a prefix of profiles                   | gcc | -fprofile-prefix-path=$PWD --coverage -frandom-seed=1 -c main.c | profile
  clones that are listed                 | gcc | -O2 -fdump-ipa-clones -c main.c | extra-output
  all dumps                              | gcc | -da -c bare.c | extra-output | | varying
  a report of memory                     | gcc | -fmem-report -c bare.c | extra-output | | varying
  an index for linking in parts          | clang | -fthinlto-index=nowhere.bc -c bare.c | extra-input
  a precompiled header, inside           | clang | -Xclang -emit-pch -c include/local.h -o out/local.pch | unknown-option
  preprocessed for precompiled headers   | gcc | -fpch-preprocess -c main.c | precompiled-header
  modules of C++                         | clang++ | -fcxx-modules -c templates.cpp | modules
  a module's file                        | clang++ | -fmodule-file=nowhere.pcm -c templates.cpp | modules
  modules built before                   | clang++ | -fprebuilt-module-path=out -c templates.cpp | modules
  a header as a module                   | g++ | -fmodules-ts -fmodule-header include/local.h | modules
  options for the assembler, in a file   | gcc clang | -Wa,@list.rsp -c bare.c | extra-input | | before: echo --noexecstack >list.rsp
  coverage, with data of an older run  | gcc | --coverage -frandom-seed=1 -c main.c -o out/main.o | profile | | before: touch out/main.gcda
  coverage, with data of an older run  | clang | --coverage -c main.c -o out/main.o | tree | profile | before: touch out/main.gcda
  stack usage, told to two names       | gcc clang | -fstack-usage -c main.c | output-not-a-file | | before: touch main.su && ln main.su out/main.su
  assembly of two names                | gcc clang | -S main.c | output-not-a-file | | before: touch main.s && ln main.s out/main.s
  notes over old ones with rights of their own | gcc | -fstack-usage -fcallgraph-info --coverage -frandom-seed=1 -c main.c -o out/main.o | tree | profile | before: cd out && touch main.su main.ci main.gcno && chmod 600 main.*
  notes over old ones with rights of their own | clang | -fstack-usage --coverage -c main.c -o out/main.o | tree | profile | before: cd out && touch main.su main.gcno && chmod 600 main.*
  assembly over some with rights of its own | gcc clang | -S main.c | tree | | before: echo old >main.s; chmod 606 main.s
  an object over an empty file           | gcc clang | -c main.c | tree | | before: touch main.o; chmod 600 main.o
  an object over an old one              | gcc clang | -c main.c | tree | | before: echo old >main.o; chmod 600 main.o
  split debug info over empty files      | gcc | -g -gsplit-dwarf -c main.c | tree | | before: touch main.o main.dwo; chmod 600 main.*o
  split debug info over empty files      | clang | -g -gsplit-dwarf -c main.c | tree | text but debug info | before: touch main.o main.dwo; chmod 600 main.*o
  split debug info over old files        | gcc | -g -gsplit-dwarf -c main.c | tree | | before: echo old ¦ tee main.o >main.dwo; chmod 600 main.*o
  split debug info over old files        | clang | -g -gsplit-dwarf -c main.c | tree | text but debug info | before: echo old ¦ tee main.o >main.dwo; chmod 600 main.*o
  prototypes over old ones               | gcc | -aux-info out/a.X -c bare.c | tree | extra-output | before: echo old >out/a.X; chmod 600 out/a.X
  a record of optimizations over an old one | clang | -O2 -fsave-optimization-record -c loops.c | tree | extra-output | before: echo old >loops.opt.yaml; chmod 600 loops.opt.yaml
  diagnostics over old ones              | clang | -Wall --serialize-diagnostics out/w.dia -c warned.c | tree | extra-output | before: echo old >out/w.dia; chmod 600 out/w.dia
  an object of two names               | gcc clang | -c main.c | output-not-a-file | | before: touch main.o && ln main.o out/main.o
  coverage in parts                    | gcc | -fprofile-arcs -ftest-coverage -frandom-seed=1 -c main.c | tree | profile
  coverage in parts                    | clang | -fprofile-arcs -ftest-coverage -c main.c | tree | profile
  coverage, named by no -o             | gcc | --coverage -frandom-seed=1 -c sub/deep.c | tree | profile
  coverage by absolute paths           | gcc | -fprofile-abs-path --coverage -frandom-seed=1 -c sub/deep.c -o out/d.o | tree | profile
  coverage of C++                      | g++ | --coverage -frandom-seed=1 -O1 -c templates.cpp -o out/t.o | tree | profile
  coverage, clang's way                | clang | -fprofile-instr-generate -fcoverage-mapping -c main.c | tree | profile
  coverage, linked                     | gcc | --coverage -frandom-seed=1 main.c -o out/program | extra-output
  coverage with notes elsewhere        | gcc | --coverage -frandom-seed=1 -fprofile-note=out/n.gcno -c main.c | profile
  writing a profile                    | gcc | -fprofile-generate -frandom-seed=1 -c main.c | tree | profile
  writing a profile                    | clang | -fprofile-generate -c main.c | tree | profile
  writing a profile into a folder      | gcc | -fprofile-generate=prof -frandom-seed=1 -c main.c | tree | profile
  writing a profile into a folder      | clang | -fprofile-generate=prof -c main.c | tree | profile
  reading a profile                    | gcc | -O2 -fprofile-use -c bare.c | tree | profile | before: gcc -O2 -fprofile-generate -c bare.c && printf 'int twice(int); int main(void) { return twice(0); }' >m.c && gcc -fprofile-generate m.c bare.o -o p && ./p && rm p bare.o m.c
  reading a profile by its name        | gcc | -O2 -fprofile-use=out/bare.gcda -c bare.c | tree | profile | before: gcc -O2 -fprofile-generate -c bare.c && printf 'int twice(int); int main(void) { return twice(0); }' >m.c && gcc -fprofile-generate m.c bare.o -o p && ./p && mv bare.gcda out && rm p bare.o m.c
  reading a profile in a folder        | gcc | -O2 -fprofile-use=out -c bare.c | tree | profile | before: gcc -O2 -fprofile-generate -c bare.c && printf 'int twice(int); int main(void) { return twice(0); }' >m.c && gcc -fprofile-generate m.c bare.o -o p && ./p && mv bare.gcda out && echo $PWD/bare.gcda ¦ tr / '#' ¦ (read name; mv out/bare.gcda "out/$name") && rm p bare.o m.c
  reading a profile that is not there  | gcc | -O2 -fprofile-use -Wmissing-profile -c bare.c | tree | profile
  reading a profile that is not there  | clang | -O2 -fprofile-instr-use=absent.profdata -c bare.c | remote-failed | extra-input
  reading branches                     | gcc | -O2 -fbranch-probabilities -c bare.c | tree | profile
  atomic counters                      | gcc | -fprofile-update=atomic -c bare.c | tree
  temporary files kept                 | gcc clang | -save-temps -c bare.c | extra-output
  temporary files kept beside          | gcc clang | -save-temps=obj -c bare.c -o out/b.o | extra-output
  dumps                                | gcc | -O1 -fdump-tree-optimized -c bare.c | extra-output
  dumps by letters                     | gcc | -dP -c bare.c | extra-output
  what was optimized                   | gcc | -O3 -fopt-info-vec=out/a.txt -c loops.c | extra-output
  what was optimized, on stderr        | gcc | -O3 -fopt-info-vec -c loops.c | tree | extra-output
  what was optimized, in clang's words | clang | -O3 -Rpass=inline -c main.c | tree | remote-printed
  stack usage                          | gcc clang | -fstack-usage -c main.c -o out/main.o | tree
  stack usage of C++                   | g++ | -O2 -fstack-usage -c templates.cpp -o out/t.o | tree
  stack usage without -o               | gcc | -fstack-usage -c sub/deep.c | tree
  call graphs                          | gcc | -O2 -fcallgraph-info -c main.c | tree
  call graphs and stacks               | gcc | -O2 -fcallgraph-info=su,da -fstack-usage -c main.c -o out/m.o | tree | text
  diagnostics in a file                | clang | -Wall --serialize-diagnostics out/w.dia -c warned.c | tree | extra-output
  diagnostics in a file, none          | clang | --serialize-diagnostics out/w.dia -c bare.c | tree | extra-output
  a trace of time                      | clang | -ftime-trace -c bare.c | extra-output | | varying
  prototypes in a file                 | gcc | -aux-info out/a.X -c bare.c | tree | extra-output
  analysis                             | clang | --analyze bare.c | extra-output
  analysis while compiling             | gcc | -fanalyzer -c overflow.c | tree | remote-printed
  a record of optimizations            | clang | -O2 -fsave-optimization-record -c loops.c | tree | extra-output
  a record of optimizations by name    | clang | -O2 -foptimization-record-file=out/o.yaml -c loops.c | tree | extra-output
  a compilation database               | clang | -MJ out/db.json -c bare.c | extra-output
  LLVM's own code                      | clang | -emit-llvm -c bare.c -o out/b.bc | extra-output
  LLVM's own code, to read             | clang | -emit-llvm -S bare.c -o out/b.ll | extra-output
  optimizing at link time              | gcc | -flto -frandom-seed=1 -O2 -c bare.c | tree
  optimizing at link time              | clang | -flto -O2 -c bare.c | tree
  optimizing at link time, fatly       | gcc | -flto=auto -ffat-lto-objects -frandom-seed=1 -O2 -c bare.c | tree
  optimizing at link time, thinly      | clang | -flto=thin -O2 -c bare.c | tree
  optimizing and linking               | gcc | -flto -O2 bare.c main.c -o out/program | several-sources
  the whole program                    | gcc | -fwhole-program -O2 -c main.c | tree
  lists for sanitizers                 | clang | -fsanitize=address -fsanitize-ignorelist=list.txt -c bare.c | tree | extra-input
  lists for sanitizers, two            | clang | -fsanitize=address -fsanitize-blacklist=list.txt -fsanitize-ignorelist=list.txt -c bare.c | tree | extra-input
  lists for sanitizers, not there      | clang | -fsanitize=address -fsanitize-ignorelist=absent.txt -c bare.c | remote-failed | extra-input
  lists for X-rays                     | clang | -fxray-instrument -fxray-attr-list=list.txt -c bare.c | tree | extra-input
  making a precompiled header          | gcc clang | -x c-header -c pre.h -o out/pre.gch | precompiled-header | | varying
  a precompiled header                 | gcc | -include pre.h -c forced.c | tree | precompiled-header | before: gcc -c pre.h -o pre.h.gch
  a precompiled header without its text | gcc | -Wall -Wextra -Iout -include pch.h -c bare.c | precompiled-header | | before: echo 'static int p(int a) { return a; }' >early/own.h; gcc -x c-header early/own.h -o out/pch.h.gch
  a precompiled header, traced         | gcc | -g -MD -include pre.h -c forced.c | tree | precompiled-header | before: gcc -g -c pre.h -o pre.h.gch
  a precompiled header that does not fit | gcc | -O2 -Winvalid-pch -include pre.h -c forced.c | tree | precompiled-header | before: gcc -O0 -c pre.h -o pre.h.gch
  a precompiled header, by its name    | clang | -g -MD -include-pch pre.pch -c forced.c | tree | precompiled-header | before: clang -g -x c-header -c pre.h -o pre.pch
  a precompiled header, as CMake does  | clang | -g -Winvalid-pch -Xclang -include-pch -Xclang $PWD/out/p.h.pch -Xclang -include -Xclang $PWD/out/p.h -MD -c forced.c | tree | precompiled-header | before: echo '#include "../pre.h"' >out/p.h; : >out/p.h.c; clang -g -Xclang -emit-pch -Xclang -include -Xclang $PWD/out/p.h -x c-header -o out/p.h.pch -c $PWD/out/p.h.c
  a precompiled header of other options | clang | -O1 -DX -fPIC -include-pch pre.pch -c forced.c | remote-failed | precompiled-header | before: clang -x c-header -c pre.h -o pre.pch
  a precompiled header out of date     | clang | -include-pch pre.pch -c forced.c | remote-failed | precompiled-header | before: clang -x c-header -c pre.h -o pre.pch; cp pre.h new; mv new pre.h; touch -d 2001-02-03 pre.h
  a precompiled header that is none    | clang | -include-pch pre.pch -c forced.c | precompiled-header | | before: echo none >pre.pch
  a precompiled header that is lacking | clang | -include-pch pre.pch -c forced.c | precompiled-header
  a precompiled header, without time   | clang | -Xclang -fno-pch-timestamp -include-pch pre.pch -c forced.c | tree | precompiled-header | before: clang -Xclang -fno-pch-timestamp -x c-header -c pre.h -o pre.pch
  a precompiled header, found          | clang | -include pre.h -c forced.c | tree | precompiled-header | before: clang -x c-header -c pre.h -o pre.h.pch
  a precompiled header to be warned of | gcc | -Winvalid-pch -include pre.h -c forced.c | tree | precompiled-header
  a precompiled header along the path  | gcc | -Iinclude -DGIVEN="local.h" -c given.c | tree | precompiled-header | before: gcc -c include/local.h -DGIVEN=\\"local.h\\"
  modules                              | clang | -fmodules -fmodules-cache-path=out/cache -c bare.c | modules
  modules, gcc's way                   | g++ | -fmodules-ts -c plain.cpp | modules
  a module                             | clang++ | -std=c++20 --precompile module.cppm -o out/m.pcm | unknown-option
  no modules                           | clang | -fno-modules -c bare.c | tree
  clang's assembler, and the machine's | clang | -fno-integrated-as -c bare.c | host-specific
  clang's assembler by its old name    | clang | -integrated-as -c bare.c | tree
  a report of time                     | gcc | -ftime-report -c bare.c | extra-output | | varying
  comparing debug builds               | gcc | -fcompare-debug -O2 -c bare.c | extra-output
  instrumented functions               | gcc | -finstrument-functions -finstrument-functions-exclude-file-list=include,main.c -c main.c | tree
  profiled, gprof's way                | gcc clang | -pg -c main.c | tree
`)
