import { oracleTable } from './oracle-table.ts'

/** What depends on the machine: its processor, its files, its environment. */
export const HOST_ROWS = oracleTable(`
  this processor                       | gcc clang g++ | -march=native -O2 -c loops.c | tree
  this processor's tuning              | gcc clang | -mtune=native -O2 -c loops.c | tree
  this processor, tuned for another    | gcc | -march=native -mtune=generic -O2 -c loops.c | tree
  this processor, tuned for another    | clang | -march=native -mtune=generic -O2 -c loops.c | tree
  this processor, traced               | gcc | -g -march=native -O2 -c loops.c | host-specific
  this processor, traced               | clang | -g -march=native -O2 -c loops.c | tree | text but debug info
  this processor, traced without switches | gcc | -g -gno-record-gcc-switches -march=native -O2 -c loops.c | tree
  this processor, but for a part       | gcc clang | -mno-avx -march=native -O2 -c loops.c | tree
  this processor, in assembly          | gcc clang | -march=native -O2 -S loops.c | tree
  this processor, in assembly with options | gcc | -march=native -O2 -fverbose-asm -S loops.c | host-specific
  this processor, at link time         | gcc clang | -march=native -flto -frandom-seed=1 -O2 -c loops.c | host-specific
  this processor, by its old word      | gcc clang | -mcpu=native -O2 -c loops.c | host-specific
  this processor, linked               | gcc clang | -march=native -O2 main.c -o out/program | tree
  another processor                    | gcc clang | -march=x86-64-v3 -mtune=skylake -O2 -c loops.c | tree
  include folders by the environment   | gcc clang | -c include.c -DNAME=1 | tree | | CPATH=include:sys
  for C by the environment             | gcc clang | -c include.c -DNAME=1 | tree | | C_INCLUDE_PATH=include:sys
  for C++ by the environment           | g++ clang++ | -x c++ -c include.c -DNAME=1 | tree | | CPLUS_INCLUDE_PATH=include:sys
  traced, by the environment           | gcc clang | -g -MD -c include.c -DNAME=1 | tree | text but debug info | CPATH=$PWD/include:sys
  a locale                             | gcc | -Wall -c warned.c | tree | remote-printed | LC_ALL=C
  a locale of messages                 | gcc | -Wall -c warned.c | tree | remote-printed | LC_ALL= LANG=C.UTF-8 LC_MESSAGES=C
  a locale that is not there           | gcc | -Wall -c warned.c | remote-printed | | LC_ALL=xx_YY.UTF-8 LANGUAGE=xx
  a date that is given                 | gcc clang | -c day.c | tree | tells-time | SOURCE_DATE_EPOCH=1700000000
  a date that is wrong                 | gcc | -c day.c | remote-failed | tells-time | SOURCE_DATE_EPOCH=yesterday
  a library loaded into all programs   | gcc clang | -c bare.c | environment | | LD_PRELOAD=libm.so.6
  a library loaded that does no harm   | gcc | -c bare.c | tree | | LD_PRELOAD=/usr/libexec/coreutils/libstdbuf.so
  fixes by the environment             | gcc | -Wall -c warned.c | environment | | GCC_EXTRA_DIAGNOSTIC_OUTPUT=fixits-v2
  links by the environment             | gcc | -fdiagnostics-urls=always -Wall -c warned.c | environment | | TERM_URLS=st
  a folder that is called with dots    | gcc clang | -g -c bare.c | environment | | PWD=$PWD/out/..
  files of the machine's own           | gcc clang | -c asks.c | text | | before: printf '#if __has_include("/etc/passwd")\\nint there;\\n#endif\\n' >asks.c
  a prefix for programs                  | gcc | -c bare.c | environment | | GCC_EXEC_PREFIX=/nowhere/
  comparison by the environment          | gcc | -c bare.c | environment | | GCC_COMPARE_DEBUG=-gtoggle
  an SDK by the environment              | clang | -c bare.c | environment | | SDKROOT=/nowhere
  an older system by the environment     | clang | -c bare.c | environment | | MACOSX_DEPLOYMENT_TARGET=10.12
  developer tools by the environment     | clang | -c bare.c | environment | | DEVELOPER_DIR=/nowhere
  a configuration by the environment     | clang | -c bare.c | environment | | CLANG_CONFIG_FILE_SYSTEM_DIR=/nowhere
  Objective-C by the environment         | gcc clang | -c bare.c | tree | | OBJC_INCLUDE_PATH=sys
  the installation of gcc                | clang | --gcc-toolchain=/usr -c bare.c | host-specific
  for one architecture                   | clang | -Xarch_host -O2 -c bare.c | several-architectures
  programs by the environment          | gcc | -c bare.c | environment | | COMPILER_PATH=/usr/bin
  another assembler in PATH            | gcc | -c bare.c | other-programs | | PATH=$PWD/own:/usr/bin:/bin before: mkdir own; printf '#!/bin/sh\\nexec /usr/bin/as --defsym own=5 "$@"\\n' >own/as; chmod +x own/as
  another assembler in PATH            | clang | -c bare.c | tree | | PATH=$PWD/own:/usr/bin:/bin before: mkdir own; printf '#!/bin/sh\\nexit 1\\n' >own/as; chmod +x own/as
  an assembler in the folder of the call | gcc | -c bare.c | other-programs | | PATH=:/usr/bin:/bin before: printf '#!/bin/sh\\nexec /usr/bin/as --defsym own=5 "$@"\\n' >as; chmod +x as
  another objcopy in PATH              | gcc | -g -gsplit-dwarf -c bare.c | other-programs | | PATH=$PWD/own:/usr/bin:/bin before: mkdir own; printf '#!/bin/sh\\nexec /usr/bin/objcopy "$@"\\n' >own/objcopy; chmod +x own/objcopy
  a longer PATH                        | gcc | -c bare.c | tree | | PATH=$PWD/absent:relative:/usr/bin:/bin
  options by the environment           | clang | -c bare.c | environment | | CCC_OVERRIDE_OPTIONS=+-O2
  temporary files elsewhere            | gcc clang | -c bare.c | tree | | TMPDIR=/var/tmp
  the charset of strings               | gcc | -fexec-charset=latin1 -c umläut.c | tree | host-specific
  the charset of wide strings          | gcc | -fwide-exec-charset=UTF-16 -c umläut.c | tree | host-specific
  the charset of the source            | gcc clang | -finput-charset=UTF-8 -c umläut.c | tree
  the charset of the source, another   | gcc | -finput-charset=latin1 -c latin.c | tree | text
  a sysroot                            | gcc clang | --sysroot=/ -c main.c | tree
  a sysroot apart                      | gcc clang | --sysroot / -c main.c | tree
  a sysroot that holds nothing         | gcc clang | --sysroot=$PWD/out -c bare.c | tree
  a sysroot for headers                | gcc clang | -isysroot / -c main.c | tree | host-specific
  headers after all others             | gcc clang | -idirafter late -Iearly -c shadow.c | tree
  headers by a prefix                  | gcc clang | -iprefix ./ -iwithprefix sys -Iinclude -DNAME=1 -c include.c | text
  quoted headers only                  | gcc clang | -iquote include -DGIVEN="local.h" -c given.c | tree
  no system headers                    | gcc clang | -nostdinc -c bare.c | tree
  no C++ headers                       | g++ clang++ | -nostdinc++ -c plain.cpp | tree
  the end of quoted paths              | gcc | -I include -I- -I sys -DNAME=1 -c include.c | unknown-option
  folders that are not there           | gcc clang | -Iabsent -isystem nowhere -c main.c | tree
  a file where a folder should be      | gcc | -Iempty.c -c bare.c | preprocess-failed
  a file where a folder should be      | clang | -Iempty.c -c bare.c | text
  folders that are not there, warned of | gcc | -Wmissing-include-dirs -Iabsent -c bare.c | tree | preprocess-failed
  folders that are not there, warned of | clang | -Wmissing-include-dirs -Iabsent -c bare.c | tree
  a listing of the assembly            | gcc | -Wa,-adhln=out/a.lst -c bare.c | extra-output
  a listing of the assembly on stdout  | gcc | -Wa,-a -c bare.c | extra-output
  the assembler's dependencies         | gcc | -pipe -Wa,--MD,out/a.d -c bare.c | extra-output
  a folder for the assembler           | gcc | -Wa,-Isub -c bare.c | extra-input
  words for the assembler              | gcc clang | -Wa,--noexecstack,--fatal-warnings -c bare.c | tree
  words for the assembler, apart       | gcc | -Xassembler --noexecstack -c bare.c | tree
  words for the preprocessor           | gcc clang | -Wp,-DNAME="1",-UOTHER -c defines.c | tree
  words for the preprocessor, apart    | gcc clang | -Xpreprocessor -DNAME="1" -c defines.c | unknown-option
  an old preprocessor                  | gcc | -traditional-cpp -c bare.c | text-unfit
  comments kept                        | gcc clang | -C -c bare.c | preprocess-only
  the compiler's own headers           | clang | -resource-dir /usr/lib/clang/14 -c bare.c | host-specific
  a configuration file                 | clang | --config absent.cfg -c bare.c | host-specific
`)
