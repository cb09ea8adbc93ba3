import { oracleTable } from './oracle-table.ts'

/** What a call is for, its language, its sources and its output. */
export const CALL_ROWS = oracleTable(`
  a compile                              | gcc clang g++ | -c main.c | tree
  a compile of C++                       | g++ clang++ gcc clang | -c plain.cpp | tree
  with templates                         | g++ clang++ | -O2 -std=c++17 -Wall -Wextra -c templates.cpp -o out/t.o | tree
  of today's C++                         | g++ | -std=c++20 -O1 -fno-exceptions -fno-rtti -c modern.cpp | tree
  optimized for speed                    | gcc clang | -O3 -funroll-loops -fomit-frame-pointer -march=x86-64-v2 -c loops.c | tree
  optimized for size                     | gcc clang | -Os -fPIC -fno-common -c main.c -oout/main.o | tree
  optimized beyond the standard          | gcc clang | -Ofast -ffast-math -fno-math-errno -c loops.c | tree
  of an old standard                     | gcc clang | -ansi -c ansi.c | tree
  of a standard, with threads            | gcc clang | -std=gnu11 -pthread -D_REENTRANT -c main.c | tree
  fortified                              | gcc clang | -O2 -Wp,-D_FORTIFY_SOURCE=2 -fstack-protector-strong -fcf-protection -c main.c | tree
  with sanitizers                        | gcc clang | -fsanitize=address,undefined -c main.c | tree
  with threads by pragma                 | gcc | -fopenmp -O2 -c main.c | tree
  for 32 bits                            | gcc clang | -m32 -O2 -c bare.c | tree
  for another machine                    | clang | --target=aarch64-linux-gnu -c bare.c | tree
  of the kernel's kind                   | gcc clang | -nostdinc -ffreestanding -undef -mcmodel=kernel -fno-pie -mno-red-zone -c bare.c | tree
  of sections for each                   | gcc clang | -Wa,--noexecstack -ffunction-sections -fdata-sections -c main.c | tree
  through pipes                          | gcc clang | -pipe -O2 -c main.c | tree
  defining much                          | gcc clang | -DNAME="a\\ \\\\"quoted\\\\"\\ name" -UOTHER -c defines.c | tree
  defining by apart words                | gcc clang | -D NAME=1 -U OTHER -I include -isystem sys -c include.c | tree
  one stop after the other               | gcc clang | -c -S bare.c | tree
  assembly                               | gcc clang | -O2 -S main.c | tree
  assembly under its own name            | gcc clang | -O2 -S main.c -o out/main.asm | tree
  assembly with its options in comments  | gcc | -S -fverbose-asm bare.c | tree | recorded-command-line
  assembly of Intel's                    | gcc clang | -S -masm=intel bare.c | tree
  a compile and link                     | gcc clang | main.c -o out/program | tree
  two sources to two objects             | gcc clang | -O2 bare.c second.c -c | several-sources
  two sources linked                     | gcc | main.c second.c -o out/program | several-sources
  a compile and link, -lm                | gcc | -O2 main.c -lm | tree
  a compile and link with an object      | gcc clang | main.c second.o -o out/program | tree | | before: gcc -c second.c
  a compile with a name for a library    | gcc | -herror_on_warning -c main.c | tree
  a link with a name for a library       | gcc | -h lib.so.1 main.c -o out/program | tree
  a compile and link in C++              | g++ clang++ | -O1 templates.cpp -o out/program | tree
  a shared library                       | gcc clang | -shared -fPIC bare.c -o out/lib.so | not-a-compile
  a link                                 | gcc | main.o -o out/program | not-a-compile | | before: gcc -c main.c
  a link that fails                      | gcc clang | bare.c -o out/program | tree
  preprocessing                          | gcc clang | -E main.c | preprocess-only
  preprocessing into a file              | gcc clang | -E main.c -o out/main.i | preprocess-only
  listing dependencies                   | gcc clang | -M include.c -I include -I sys -DNAME=1 | preprocess-only
  listing dependencies yet to be made    | gcc clang | -MM -MG headless.c | preprocess-only
  dependencies of several sources        | gcc clang | -MM bare.c main.c second.c | preprocess-only
  dependencies, some yet to be made      | gcc clang | -MM -Wall bare.c headless.c main.c second.c | preprocess-only
  dependencies, a source not there       | gcc clang | -M bare.c absent.c main.c | preprocess-only
  checking syntax                        | gcc clang | -fsyntax-only warned.c -Wall | preprocess-only
  a list of headers                      | gcc clang | -H -c include.c -I include -I sys -DNAME=1 | tree | preprocess-only
  text without line markers              | gcc clang | -P -c main.c | preprocess-only
  the version                            | gcc clang | --version | not-a-compile
  the target                             | gcc clang | -dumpmachine | not-a-compile
  where a file is                        | gcc clang | -print-file-name=libc.a | not-a-compile
  what would be run                      | clang | -### -c bare.c | not-a-compile
  nothing at all                         | gcc clang |  | no-source
  options alone                          | gcc clang | -O2 -c | no-source
  an unknown option                      | gcc clang | --frobnicate -c main.c | unknown-option
  an option without its value            | gcc clang | -c main.c -o | unknown-option
  stdin                                  | gcc clang | -x c -c - -o out/in.o | stdin-source
  stdin by its path                      | gcc clang | -x c -c /dev/stdin -o out/in.o | stdin-source
  nothing to compile                     | gcc clang | -x c -c /dev/null -o out/none.o | configure-test
  no such source                         | gcc clang | -c absent.c | preprocess-failed
  a folder for a source                  | gcc | -x c -c include -o out/x.o | preprocess-failed
  a source without a name we know        | gcc clang | -x c -c odd.name | tree
  a source that only the linker knows    | gcc clang | -c odd.name | unknown-language
  the language apart and glued           | gcc clang | -xc++ -c main.c -o out/main.o | tree
  the language taken back                | gcc clang | -x c++ -x none -c main.c | tree
  the language behind all                | gcc clang | -c main.c -x c++ | unknown-option
  a language we leave alone              | gcc | -x objective-c -c main.c | unknown-language
  a language nobody knows                | gcc clang | -x klingon -c main.c | unknown-language
  C by the C++ driver, which clang minds | clang++ | -c main.c | tree | unknown-language
  preprocessed text                      | gcc clang | -c ready.i | tree
  preprocessed C++                       | g++ clang++ gcc | -c ready.ii | tree
  preprocessed text that g++ minds       | g++ clang++ | -c ready.i | unknown-language
  preprocessed text with a system header | gcc clang | -Wall -c system.i | tree
  preprocessed by name                   | gcc clang | -x cpp-output -c ready.i -o out/r.o | tree
  assembly sources                       | gcc clang | -c small.s -o out/s.o | tree | assembler-source
  assembly sources to preprocess         | gcc clang | -c bytes.S | tree | assembler-source
  assembly sources to preprocess, traced | gcc clang | -g -MD -c bytes.S -o out/b.o | tree | assembler-source
  assembly that includes                 | gcc clang | -c plain.s | tree | assembler-source
  assembly that includes from elsewhere  | gcc clang | -Wa,-Isub -c searched.s | extra-input
  C++ by other names, .cc                | gcc clang | -c name.cc | tree
  C++ by other names, .cxx               | gcc clang | -c name.cxx | tree
  C++ by other names, .c++               | gcc clang | -c name.c++ | tree
  C++ by other names, .CPP               | gcc clang | -c name.CPP | tree
  C++ by other names, .C                 | gcc clang | -c upper.C | tree
  a header                               | gcc | -c include/local.h -o out/local.gch | precompiled-header | | varying
  two outputs                            | gcc clang | -c main.c -o out/a.o -o out/b.o | unknown-option
  an output that is a device             | gcc clang | -c main.c -o /dev/null | output-not-a-file
  an output that is a folder             | gcc clang | -c main.c -o out | output-not-a-file
  an output in a folder that is not there | gcc clang | -c main.c -o absent/main.o | write-failed
  an output over the source              | gcc clang | -c main.c -o main.c | output-not-a-file
  an output through a link               | gcc clang | -c main.c -o out/link.o | output-not-a-file
  an output over a read-only file        | gcc clang | -c bare.c -o out/old.o | tree | | before: echo old >out/old.o; chmod 400 out/old.o
  an output over an executable file      | gcc clang | -c bare.c -o out/old.o | tree | | before: echo old >out/old.o; chmod 711 out/old.o
  under a strict umask                   | gcc clang | -c bare.c -o out/mine.o | tree | | umask=077
  under a loose umask                    | gcc clang | -c bare.c -MD -o out/ours.o | tree | | umask=000
  in a folder below                      | gcc clang | -c ../main.c -o ../out/main.o | tree | | in=sub
  from a folder below                    | gcc clang | -c deep.c | tree | | in=sub
  through a link to a folder             | gcc clang | -Ilinked-folder -I sys -DNAME=1 -c include.c | tree
  a response file                        | gcc clang | @flags.rsp -c main.c | tree
  a response file in another             | gcc clang | @nested.rsp -c main.c | tree
  a response file that says all          | gcc clang | @source.rsp | tree
  a response file that is not there      | gcc clang | @absent.rsp -c main.c | response-file
  behind --                              | clang | -c -o out/m.o -- main.c | tree
  behind --, which gcc does not know     | gcc | -c -- main.c | unknown-option
  a test of a configure script           | gcc clang | -c conftest.c | configure-test
  a plugin                               | gcc clang | -fplugin=absent.so -c main.c | plugin
  with words for clang's own ears        | clang | -Xclang -disable-llvm-passes -c main.c | unknown-option
  with words for LLVM's ears             | clang | -mllvm -inline-threshold=9 -O2 -c main.c | unknown-option
  specs                                  | gcc | -specs=absent.specs -c main.c | host-specific
  a wrapper                              | gcc | -wrapper env -c main.c | host-specific
  programs elsewhere                     | gcc clang | -B/usr/bin -c main.c | host-specific
  two architectures                      | clang | -arch arm64 -arch x86_64 -c main.c | several-architectures
`)
