import { commandTable } from './command-table.ts'

/** What a call is for, its language, its sources and its output. */
export const CALL_ROWS = commandTable(`
  a compile                                  | gcc clang cc x86_64-linux-gnu-gcc-12 | -c a.c | remote a.o
  a compile of C++                           | g++ clang++ gcc clang | -c a.cpp | remote a.o language=c++
  of several modes the earliest stop wins    | gcc clang | -c -S a.c | remote a.s mode=assembly
  assembly                                   | gcc clang | -S a.c | remote a.s mode=assembly
  assembly under a name of its own           | gcc clang | -S a.c -o x/y.asm | remote x/y.asm mode=assembly
  assembly with comments on its options      | gcc clang | -S -fverbose-asm a.c | tree recorded-command-line a.s mode=assembly
  a compile and link                         | gcc clang | a.c -o program | remote program mode=link
  a compile and link without -o              | gcc clang | -O2 a.c -lm | remote a.out mode=link
  a compile and link with other objects      | gcc clang | a.c b.o lib.a -L. -lm -o program | remote program mode=link
  a compile and link of a shared library     | gcc clang | -shared -fPIC a.c -o lib.so | heavy not-a-compile
  a compile and link that leaves a .d        | gcc clang | -MD a.c -o program | heavy not-a-compile
  a compile and link that leaves a .dwo      | gcc clang | -g -gsplit-dwarf a.c -o program | heavy extra-output
  a compile and link with -flto              | gcc clang | -flto a.c -o program | heavy not-a-compile
  a compile and link from a response file    | gcc clang | @link.rsp -o program | heavy not-a-compile | /w/link.rsp=a.c
  a compile and link, its source named twice | gcc clang | -DNAME a.c -include a.c -o program | heavy not-a-compile
  a compile and link behind --               | clang | -o program -- a.c | heavy not-a-compile
  a link                                     | gcc clang | a.o b.o -o program | heavy not-a-compile
  a link of a shared library                 | g++ clang++ | -shared -o lib.so a.o -Wl,-soname,lib.so.1 | heavy not-a-compile
  preprocessing                              | gcc clang | -E a.c | light preprocess-only
  preprocessing and compiling                | gcc clang | -c -E a.c -o a.i | light preprocess-only
  preprocessing what is also refused         | gcc clang | -E -fplugin=x.so a.c | light preprocess-only
  listing dependencies                       | gcc clang | -M a.c | light preprocess-only
  listing own dependencies                   | gcc clang | -MM -MF a.d -MT a.o a.c | light preprocess-only
  listing dependencies yet to be made        | gcc clang | -MM -MG a.c | light preprocess-only
  listing through the preprocessor           | gcc clang | -Wp,-M -c a.c | heavy unknown-option
  a compilation database entry               | clang | -MJ a.json -c a.c | heavy extra-output
  text without line markers                  | gcc clang | -P -c a.c | heavy preprocess-only
  a list of headers                          | gcc clang | -H -c a.c | tree preprocess-only a.o
  checking syntax                            | gcc clang | -fsyntax-only a.c | heavy preprocess-only
  macros listed while preprocessing          | gcc clang | -dM -E a.c | light preprocess-only
  the version                                | gcc clang | --version | light not-a-compile
  help                                       | gcc clang | --help | light not-a-compile
  help on a topic                            | gcc | --help=optimizers -Q | light not-a-compile
  the commands that would be run             | gcc clang | -### -c a.c | light not-a-compile
  the target                                 | gcc clang | -dumpmachine | light not-a-compile
  the version in numbers                     | gcc clang | -dumpversion | light not-a-compile
  the specs                                  | gcc | -dumpspecs | light not-a-compile
  where a file is                            | gcc clang | -print-file-name=libc.a | light not-a-compile
  where headers are, in chatter              | gcc clang | -v | light not-a-compile
  a compile in chatter                       | gcc clang | -v -c a.c | heavy not-a-compile
  what editors complete                      | clang | --autocomplete=-f | light not-a-compile
  nothing at all                             | gcc clang |  | light no-source
  an empty argument                          | gcc clang | '' | heavy not-a-compile
  an empty argument of a compile             | gcc clang | -c a.c '' | heavy several-sources
  options alone                              | gcc clang | -O2 -c | light no-source
  an unknown option alone                    | gcc clang | --frobnicate | light no-source
  stdin                                      | gcc clang | -x c -c - -o a.o | heavy stdin-source
  stdin to be linked                         | gcc clang | -x c - | heavy stdin-source
  a pipe of the shell's                      | gcc clang | -x c -c /dev/fd/63 -o a.o | heavy stdin-source
  stdin by its path                          | gcc clang | -x c -c /dev/stdin -o a.o | heavy stdin-source
  nothing to compile, to see if it compiles  | gcc clang | -Wfoo -x c -c /dev/null -o a.o | light configure-test
  two sources                                | gcc clang | -c a.c b.c | heavy several-sources
  two sources linked                         | gcc clang | a.c b.c -o program | heavy several-sources
  a source and an object                     | gcc clang | -c a.c b.o | heavy several-sources
  a source and a library                     | gcc clang | -c a.c libb.a | heavy several-sources
  an object alone                            | gcc clang | -c b.o | heavy unknown-language
  a configure test in no known language      | gcc clang | -c conftest.rc | light configure-test
  output among libraries                     | gcc clang | -c a.c -o /usr/lib/there/a.o | heavy system-folder
  a dependency file of the machine's         | gcc | -MD -MF /etc/a.d -c a.c | heavy system-folder
  a source among libraries                   | gcc clang | -c ../usr/lib/there/a.c -o a.o | heavy system-folder
  a source where all may be                  | gcc | -c /usr/src/there/a.c -o a.o | remote a.o
  output to stdout                           | gcc clang | -S a.c -o - | heavy output-not-a-file
  output to nowhere                          | gcc clang | -c a.c -o /dev/null | heavy output-not-a-file
  output to a pipe of the shell's            | gcc clang | -c a.c -o /proc/self/fd/1 | heavy output-not-a-file
  output to what is no plain file            | gcc clang | -c a.c -o there | heavy output-not-a-file | /w/there/
  no -o, and no plain file in the way        | gcc clang | -c a.c | heavy output-not-a-file | /w/a.o/
  a further output to no plain file          | gcc clang | -g -gsplit-dwarf -c a.c | heavy output-not-a-file | /w/a.dwo/
  the output is the source                   | gcc clang | -x c -c a.o -o a.o | heavy output-not-a-file
  the output is the source by another path   | gcc clang | -c a.c -o ./x/../a.c | heavy output-not-a-file
  the output is the dependency file          | gcc clang | -MD -MF a.o -c a.c | heavy output-not-a-file
  the output is the debug info               | gcc clang | -g -gsplit-dwarf -c a.c -o a.dwo | heavy output-not-a-file
  an empty output                            | gcc clang | -c a.c -o '' | heavy output-not-a-file
  two outputs                                | gcc clang | -c a.c -o a.o -o b.o | heavy unknown-option
  an -o without a value                      | gcc clang | -c a.c -o | heavy unknown-option
  no -o: into the working directory          | gcc clang | -c src/deep/a.c | remote a.o
  no -o, two dots                            | gcc clang | -c a.b.c | remote a.b.o
  no -o, a dot in a folder                   | gcc clang | -c -x c v1.2/plain | remote plain.o
  a glued output                             | gcc clang | -c a.c -ox/a.o | remote x/a.o
  a long output                              | gcc clang | -c a.c --output=x.o | remote x.o
  an absolute output                         | gcc clang | -c a.c -o /out/a.o | remote /out/a.o
  an output in a folder above                | gcc clang | -c a.c -o ../out/a.o | remote ../out/a.o

  -x names the language                      | gcc clang | -x c++ -c a.c -o a.o | remote a.o language=c++
  -x glued                                   | gcc clang | -xc -c a.txt | remote a.o
  -x for a file without a suffix             | gcc clang | -x c -c source | remote source.o
  -x none takes it back                      | gcc clang | -x c++ -x none -c a.c | remote a.o
  -x of a language that is not shipped       | gcc clang | -x objective-c -c a.c | heavy unknown-language
  -x of CUDA                                 | clang | -x cuda -c a.cu | heavy unknown-language
  -x of a header                             | gcc clang | -x c++-header a.h -o a.gch | heavy precompiled-header
  -x of assembly                             | gcc clang | -x assembler-with-cpp -c a.c | tree assembler-source a.o language=assembler-with-cpp
  -x of preprocessed C                       | gcc clang | -x cpp-output -c a.c | remote a.o language=cpp-output
  -x behind the source says nothing of it    | gcc clang | -c a.c -x c++ | heavy unknown-option
  an -x that nobody knows                    | gcc clang | -x nonsense -c a.c | heavy unknown-language
  suffix .cc                                 | gcc clang | -c a.cc | remote a.o language=c++
  suffix .cp                                 | gcc clang | -c a.cp | remote a.o language=c++
  suffix .cxx                                | gcc clang | -c a.cxx | remote a.o language=c++
  suffix .c++                                | gcc clang | -c a.c++ | remote a.o language=c++
  suffix .C is C++                           | gcc clang | -c a.C | remote a.o language=c++
  suffix .CPP                                | gcc clang | -c a.CPP | remote a.o language=c++
  suffix .i: nothing to preprocess           | gcc clang | -c a.i | remote a.o language=cpp-output
  suffix .ii                                 | g++ clang++ gcc clang | -c a.ii | remote a.o language=c++-cpp-output
  suffix .i under a C++ name                 | g++ clang++ | -c a.i | heavy unknown-language
  suffix .s                                  | gcc clang | -c a.s | tree assembler-source a.o language=assembler
  suffix .S                                  | gcc clang | -c a.S | tree assembler-source a.o language=assembler-with-cpp
  suffix .sx                                 | gcc clang | -c a.sx | tree assembler-source a.o language=assembler-with-cpp
  suffix .h                                  | gcc clang | -c a.h | heavy precompiled-header
  suffix .hh                                 | g++ clang++ | a.hh | heavy precompiled-header
  suffix .H                                  | gcc clang | -c a.H | heavy precompiled-header
  suffix .m                                  | gcc clang | -c a.m | heavy unknown-language
  suffix .mm                                 | gcc clang | -c a.mm | heavy unknown-language
  suffix .mi                                 | gcc clang | -c a.mi | heavy unknown-language
  suffix .f                                  | gcc clang | -c a.f | heavy unknown-language
  suffix .ads                                | gcc clang | -c a.ads | heavy unknown-language
  suffix .cu                                 | clang | -c a.cu | heavy unknown-language
  suffix .bc                                 | clang | -c a.bc | heavy unknown-language
  suffix .cppm                               | clang | -c a.cppm | heavy modules
  suffix .ixx                                | gcc clang | -c a.ixx | heavy modules
  a suffix that nobody knows is the linker's | gcc clang | -c a.foo | heavy unknown-language
  a name that is all suffix is the linker's  | gcc clang | -c .c | heavy unknown-language
  C under a C++ name                         | g++ x86_64-linux-gnu-g++-12 | -c a.c | remote a.o language=c++
  C under a C++ name, of which clang warns   | clang++ | -c a.c | tree unknown-language a.o language=c++
  C under a C++ name, wanted                 | clang++ g++ | -x c++ -c a.c | remote a.o language=c++
  C under a C++ name, as C                   | clang++ g++ | -x c -c a.c | remote a.o

  -- before the source, as clang knows it    | clang | -c -- a.c | remote a.o
  -- before the source, unknown to gcc       | gcc | -c -- a.c | heavy unknown-option
  -- as a value                              | gcc clang | -D -- -c a.c | remote a.o
  an output like an option                   | gcc clang | -c a.c -o -- | heavy output-not-a-file
  an output like a response file             | gcc clang | -c a.c -o@x | heavy output-not-a-file
  an output like a folder                    | gcc clang | -c a.c -o x/ | heavy output-not-a-file
  a source like an option behind --          | clang | -c -o a.o -- -a.c | heavy unknown-option
  values apart                               | gcc clang | -I inc -D X=1 -U Y -isystem sys -c a.c -o a.o | remote a.o
  values glued                               | gcc clang | -Iinc -DX=1 -UY -isystemsys -c a.c -oa.o | remote a.o
  values that look like sources              | gcc clang | -D b.c -I c.c -include d.c --param e.c -c a.c | remote a.o
  linker options of a compile                | gcc clang | -L lib -l m -Wl,-O1 -c a.c | remote a.o
  a name for a library of a compile          | gcc | -hlib.so -h lib.so -c a.c | remote a.o
  an option without its value                | gcc clang | -c a.c -I | heavy unknown-option
  an option that nobody knows                | gcc clang | --frobnicate -c a.c | heavy unknown-option
  an option yet to be invented               | gcc clang | -fnew-idea=3 -Wnew-idea -mnew-idea -c a.c | remote a.o
  one that could name a file                 | gcc clang | -fnew-idea=list.txt -c a.c | heavy unknown-option
  one that could name a path                 | gcc clang | -fnew-idea=/etc/passwd -c a.c | heavy unknown-option
  the preprocessor told directly             | gcc clang | -Xpreprocessor -DX -c a.c | heavy unknown-option
  definitions for the preprocessor           | gcc clang | -Wp,-DX=1,-UY -c a.c | remote a.o
  other words for the preprocessor           | gcc clang | -Wp,-DX,-include,x.h -c a.c | heavy unknown-option

  a response file                            | gcc clang | @flags.rsp | remote x.o | /w/flags.rsp=-O2\\ -c\\ a.c\\ -o\\ x.o
  a response file in a response file         | gcc clang | @outer -c a.c | remote a.o | /w/outer=@inner /w/inner=-O2
  a response file that is not there          | gcc clang | @flags.rsp -c a.c | heavy response-file
  a response file of the shell's             | gcc clang | @/dev/fd/63 -c a.c | heavy response-file
  a response file for the assembler          | gcc clang | -Wa,@flags -c a.c | heavy extra-input
  an at-sign that is no response file        | gcc clang | -DAT=@x -c a.c | remote a.o

  autoconf asking                            | gcc clang | -c conftest.c | light configure-test
  autoconf linking                           | gcc clang | -o conftest conftest.c -lm | light configure-test
  autoconf asking with what is refused       | gcc clang | -march=native -c conftest.c | light configure-test
  autoconf asking once more                  | gcc clang | -c tmp.conftest.c | light configure-test
  CMake asking who the compiler is           | gcc clang | -c CMakeCCompilerId.c | light configure-test
  CMake trying                               | gcc clang | -c /b/CMakeFiles/CMakeScratch/TryCompile-a1/src.c | light configure-test
  CMake of old trying                        | gcc clang | -c /b/CMakeFiles/CMakeTmp/CheckSymbolExists.c | light configure-test
  meson asking                               | gcc clang | -c /b/meson-private/tmp1/testfile.c -o x.o | light configure-test
  meson checking sanity                      | g++ clang++ | sanitycheckcpp.cc -o x.exe | light configure-test
  config.guess asking                        | gcc clang | -c -o /tmp/cg3Xvk4J/dummy.o /tmp/cg3Xvk4J/dummy.c | light configure-test
  config.guess without mktemp                | gcc clang | -c -o /tmp/cg17-4711/dummy.o /tmp/cg17-4711/dummy.c | light configure-test
  a dummy of the project's                   | gcc clang | -c cg-lib/dummy.c | remote dummy.o
  a program that is merely called so         | gcc clang | -c src/conftest_runner.c | remote conftest_runner.o

  a blank in a name                          | gcc clang | -c with\\ blank.c | remote with\\ blank.o
  a comma in a name                          | gcc clang | -c a,b.c | remote a,b.o
  quotes in a name                           | gcc clang | -c it's\\"q\\".c | remote it's\\"q\\".o
  a backslash in a name                      | gcc clang | -c a\\\\b.c | remote a\\\\b.o
  a dollar in a name                         | gcc clang | -c $a.c | remote $a.o
  an umlaut in a name                        | gcc clang | -c umläut.c | remote umläut.o
  a leading dash in a path                   | gcc clang | -c ./-a.c -o x.o | remote x.o
  a leading dash in the output               | gcc clang | -c ./-a.c | heavy output-not-a-file
  a name that was no text                    | gcc clang | -c a\uFFFD.c | heavy not-utf8
`)
