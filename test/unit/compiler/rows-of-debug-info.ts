import { commandTable } from './command-table.ts'

/** Debug info, and what else is written into an object about where it came from. */
export const DEBUG_ROWS = commandTable(`
  debug info                                 | gcc clang | -g -O2 -c a.c | remote a.o
  maps of paths, in their order              | gcc clang | -g -fdebug-prefix-map=/w=/x -ffile-prefix-map=/w=/y -fmacro-prefix-map=/w=/z -c a.c | remote a.o
  the folder of debug info                   | clang | -g -fdebug-compilation-dir=. -c a.c | remote a.o
  the folder of coverage                     | gcc clang | -fcoverage-prefix-map=/w=. -c a.c | remote a.o
  the folder of profiles                     | gcc clang | -fprofile-prefix-path=/w -c a.c | heavy profile
  split debug info                           | gcc clang | -g -gsplit-dwarf -c a.c -o out/a.o | remote out/a.o extra=out/a.dwo
  split debug info without -o                | gcc clang | -g -gsplit-dwarf -c src/a.c | remote a.o extra=a.dwo
  split debug info, cancelled later          | gcc clang | -g -gsplit-dwarf -g0 -c a.c | remote a.o extra=a.dwo
  split debug info of assembly               | gcc clang | -g -gsplit-dwarf -S a.c | heavy extra-output
  split debug info to nowhere                | gcc clang | -g -gsplit-dwarf -c a.c -o /dev/null | heavy output-not-a-file
  split debug info in one file               | gcc clang | -g -gsplit-dwarf=single -c a.c | remote a.o
  macros in debug info                       | gcc clang | -g3 -c a.c | remote a.o
  compressed                                 | gcc clang | -g -gz=zlib -gdwarf-4 -c a.c | remote a.o
  modules in debug info                      | clang | -g -gmodules -c a.c | heavy modules
  sources in debug info                      | clang | -g -gembed-source -c a.c | tree extra-input a.o
  the command line in the object             | gcc clang | -frecord-gcc-switches -c a.c | tree recorded-command-line a.o
  the command line in the object, clang's way | clang | -grecord-command-line -c a.c | tree recorded-command-line a.o
  the options in debug info, gcc's default   | gcc | -g -grecord-gcc-switches -c a.c | remote a.o
  a seed                                     | gcc clang | -frandom-seed=a.o -c a.c | remote a.o
  the working directory in line markers      | gcc clang | -g -fno-working-directory -c a.c | remote a.o
  columns in the object                      | gcc clang | -fsanitize=undefined -c a.c | remote a.o
  columns in the object, clang's OpenMP      | clang | -fopenmp -c a.c | remote a.o
  no columns in gcc's OpenMP                 | gcc | -fopenmp -c a.c | remote a.o
`)
