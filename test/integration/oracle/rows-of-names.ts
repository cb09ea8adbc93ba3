import { oracleTable } from './oracle-table.ts'

/** Names that some program on the way could misread. */
export const NAME_ROWS = oracleTable(`
  C++ called .cp                         | gcc clang | -c n.cp | tree | | before: cp templates.cpp n.cp
  C++ called .hh                         | gcc clang | -c n.hh | precompiled-header | | varying before: cp include/once.h n.hh
  C++ called .H                          | gcc clang | -c n.H | precompiled-header | | varying before: cp include/once.h n.H
  assembly called .sx                    | gcc | -c n.sx | tree | assembler-source | before: echo nop >n.sx
  assembly called .sx                    | clang | -c n.sx | remote-failed | assembler-source | before: echo nop >n.sx
  a module called .ixx                   | gcc | -c n.ixx | modules | | before: cp templates.cpp n.ixx
  a module called .ixx                   | clang | -c n.ixx | modules | | before: cp templates.cpp n.ixx
  Objective-C++ called .mm               | clang | -c n.mm | unknown-language | | before: cp bare.c n.mm
  CUDA called .cu                        | clang | -c n.cu | unknown-language | | before: cp bare.c n.cu
  a space                    | gcc | -g -MD -c with\\ space.c -o out/with\\ space.o | tree
  a space                    | clang | -g -MD -c with\\ space.c -o out/with\\ space.o | tree | text but debug info
  quotes                     | gcc | -g -MD -c quo'te\\".c | tree | text but debug info
  quotes                     | clang | -g -MD -c quo'te\\".c | tree | text but debug info
  a comma                    | gcc | -g -MD -c com,ma.c | tree
  a comma                    | clang | -g -MD -c com,ma.c | tree | text but debug info
  a backslash                | gcc | -g -MD -c back\\\\slash.c | tree | text but debug info
  a backslash                | clang | -g -MD -c back\\\\slash.c | tree | text but debug info
  a dollar                   | gcc | -g -MD -c dol$lar.c | tree
  a dollar                   | clang | -g -MD -c dol$lar.c | tree | text but debug info
  a number sign              | gcc | -g -MD -c ha#sh.c | tree
  a number sign              | clang | -g -MD -c ha#sh.c | tree | text but debug info
  a percent sign             | gcc | -g -MD -c per%cent.c | tree
  a percent sign             | clang | -g -MD -c per%cent.c | tree | text but debug info
  a colon                    | gcc clang | -MD -c co:lon.c | tree
  a dash in front            | gcc clang | -c ./-dash.c -o out/dash.o | tree
  a dash in front, bare      | gcc clang | -c -dash.c -o out/dash.o | no-source
  a dash in front of an output | gcc clang | -c bare.c -o -odd.o | output-not-a-file
  an at sign in front        | gcc clang | -c ./@at.c -o ./@at.o | tree
  an at sign in front, bare  | gcc | -c @at.c | response-file
  a plus and an equals sign  | gcc clang | -MD -c +plus=.c | tree
  a line end                 | gcc clang | -c li\\x0Ane.c -o out/line.o | tree
  letters of other languages | gcc | -g -MD -c umläut.c -o out/ümlaut.o | tree | text but debug info
  letters of other languages | clang | -g -MD -c umläut.c -o out/ümlaut.o | tree | text but debug info
  bytes that are no letters  | gcc clang | -MD -c \\xFF\\xFE.c | not-utf8
  bytes that are no letters, in an output | gcc clang | -c bare.c -o out/\\xE9.o | not-utf8
  bytes that are no letters, in a folder | gcc clang | -Icaf\\xE9 -DGIVEN="named.h" -c given.c | not-utf8
  bytes that are no letters, in a define | gcc clang | -DNAME="\\xE9" -c defines.c | not-utf8
  bytes that are no letters, in an include | gcc clang | -MD -c byte.c | text
  headers of odd names       | gcc clang | -MD -c odd.c | tree
  as many letters as a name may have | gcc | -g -MD -c ${'l'.repeat(240)}.c | tree
  as many letters as a name may have | clang | -g -MD -c ${'l'.repeat(240)}.c | tree | text but debug info
  thirty folders             | gcc | -g -MD -c ${'long/'.repeat(30)}far.c -o out/far.o | tree
  thirty folders             | clang | -g -MD -c ${'long/'.repeat(30)}far.c -o out/far.o | tree | text but debug info
  a hundred thousand letters of options | gcc clang | ${`-DLONG_NAME_${'x'.repeat(90)} `.repeat(1000)} -c bare.c | tree
  a dot in front             | gcc clang | -MD -c .hidden.c | tree
  many dots                  | gcc clang | -MD -c two.dots.c | tree
  no end behind the dot      | gcc clang | -MD -c two.dots.c -o out/dots. | tree
  no dot                     | gcc clang | -MD -c two.dots.c -o out/nodots | tree
  detours                    | gcc | -g -MD -c ./sub/../sub//deep.c -o out/./../out/deep.o | tree
  detours                    | clang | -g -MD -c ./sub/../sub//deep.c -o out/./../out/deep.o | tree | text but debug info
  the root and all           | gcc | -g -MD -c $PWD/sub/deep.c -o $PWD/out/deep.o | tree
  the root and all           | clang | -g -MD -c $PWD/sub/deep.c -o $PWD/out/deep.o | tree | text but debug info
  the root and a detour      | gcc | -g -MD -I$PWD/sub/../include -I $PWD/sys -DNAME=1 -c include.c | tree
  the root and a detour      | clang | -g -MD -I$PWD/sub/../include -I $PWD/sys -DNAME=1 -c include.c | tree | text but debug info
`)
