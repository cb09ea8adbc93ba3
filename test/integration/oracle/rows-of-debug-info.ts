import { oracleTable } from './oracle-table.ts'

/** Debug info, and what else tells of paths and command lines. */
export const DEBUG_ROWS = oracleTable(`
  -g                          | gcc | -O2 -g -c main.c | tree
  -g                          | clang | -O2 -g -c main.c | tree | text but debug info
  -g of C++                   | g++ | -g -O2 -c templates.cpp | tree
  -g of C++                   | clang++ | -g -O2 -c templates.cpp | tree | text but debug info
  for gdb                     | gcc | -ggdb -Og -c main.c | tree
  for gdb                     | clang | -ggdb -Og -c main.c | tree | text but debug info
  little                      | gcc | -g1 -O2 -c parser.c | tree
  little                      | clang | -gline-tables-only -c parser.c | tree | text but debug info
  with macros                 | gcc clang | -g3 -c main.c | tree | text but debug info
  with macros, for gdb        | gcc | -ggdb3 -c main.c | tree | text but debug info
  none after all              | gcc clang | -g -g0 -c main.c | tree
  as DWARF 4                  | gcc clang | -g -gdwarf-4 -c sub/deep.c -o out/deep.o | tree
  as DWARF 5, 64 bits wide    | gcc clang | -gdwarf-5 -gdwarf64 -c bare.c | tree | text but debug info
  without columns             | gcc | -g -gno-column-info -c main.c | tree
  compressed                  | gcc | -g -gz -c main.c | tree
  compressed                  | clang | -g -gz -c main.c | tree | text but debug info
  apart                       | gcc | -g -gsplit-dwarf -c main.c -o out/main.o | tree
  apart                       | clang | -g -gsplit-dwarf -c main.c -o out/main.o | tree | text but debug info
  apart, beside the source    | gcc | -g -gsplit-dwarf -c sub/deep.c | tree
  apart and taken back        | gcc clang | -g -gsplit-dwarf -gno-split-dwarf -gdwarf-4 -c main.c | tree
  apart, in one file          | clang | -g -gsplit-dwarf=single -c main.c | tree | text but debug info
  apart, of assembly          | gcc | -g -gsplit-dwarf -S main.c | extra-output
  by mapped paths             | gcc | -g -ffile-prefix-map=include=inc -Iinclude -isystem sys -DNAME=1 -c include.c | tree
  by mapped paths             | clang | -g -ffile-prefix-map=include=inc -Iinclude -isystem sys -DNAME=1 -c include.c | tree | text but debug info
  by two maps                 | gcc | -g -fdebug-prefix-map=$PWD=/a -fdebug-prefix-map=/a=/b -c main.c | tree
  by two maps                 | clang | -g -fdebug-prefix-map=$PWD=/a -fdebug-prefix-map=/a=/b -c main.c | tree | text but debug info
  by mapped macros            | gcc clang | -fmacro-prefix-map=sub/=x/ -c sub/deep.c | tree
  from a folder below         | gcc | -g -c deep.c -o ../out/deep.o | tree | | in=sub
  from a folder below         | clang | -g -c deep.c -o ../out/deep.o | tree | text but debug info | in=sub
  from a folder named otherwise | gcc | -g -c main.c | tree | | PWD=/nowhere
  toggled                                | gcc | -gtoggle -c main.c | host-specific
  toggled off                            | gcc | -g -gtoggle -c main.c | host-specific
  from a folder named by a link | gcc clang | -g -c local_user.c | tree | text but debug info | in=linked-folder before: printf 'int user;\\n' >local_user.c
  from a folder told          | clang | -g -fdebug-compilation-dir=/told -c main.c | tree | text but debug info
  with a forced header        | gcc clang | -g -include include/forced.h -c forced.c | tree | text but debug info
  pedantic                    | gcc clang | -g -pedantic -c bare.c | tree | text but debug info
  of raw strings              | g++ | -g -std=c++20 -c raw.cpp | tree
  of raw strings              | clang++ | -g -std=c++20 -c raw.cpp | tree | text but debug info
  of preprocessed text        | gcc clang | -g -c ready.i | tree
  with the working folder in text | gcc | -g -fworking-directory -c main.c | tree | text but debug info
  with the working folder in text | clang | -g -fworking-directory -c main.c | remote-failed | preprocess-failed
  without it                  | gcc | -g -fno-working-directory -c main.c | tree | text but debug info
  the command line recorded   | gcc clang | -frecord-gcc-switches -O2 -c bare.c | tree | recorded-command-line
  the command line recorded in debug info | gcc | -g -grecord-gcc-switches -O2 -Iinclude -c main.c | tree
  the command line recorded in debug info | clang | -g -grecord-command-line -O2 -Iinclude -c main.c | tree | recorded-command-line
  the command line recorded, clang's way | clang | -frecord-command-line -O2 -Iinclude -c bare.c | tree | recorded-command-line
  the command line not recorded | gcc | -g -gno-record-gcc-switches -c main.c | tree
  a seed                      | gcc g++ | -frandom-seed=main.c -c plain.cpp -x c++ | unknown-option
  a seed                      | gcc g++ | -frandom-seed=main.c -c plain.cpp | tree
  types apart                 | gcc | -g -fdebug-types-section -c main.c | tree
  names to look up            | gcc clang | -gdwarf-4 -gpubnames -c main.c | tree
  unused types too            | gcc | -g -fno-eliminate-unused-debug-types -c main.c | tree
  modules of debug info       | clang | -g -gmodules -c main.c | modules
  the source within           | clang | -g -gembed-source -c bare.c | tree | extra-input
`)
