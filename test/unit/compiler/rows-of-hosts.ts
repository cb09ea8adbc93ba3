import { commandTable } from './command-table.ts'

/** What depends on the machine. */
export const HOST_ROWS = commandTable(`
  -march=native                              | gcc clang | -march=native -c a.c | heavy host-specific
  -mtune=native                              | gcc clang | -mtune=native -c a.c | heavy host-specific
  -mcpu=native                               | gcc clang | -mcpu=native -c a.c | heavy host-specific
  native and more                            | gcc clang | -mcpu=native+crypto -c a.c | heavy host-specific
  native and more, by another name           | gcc clang | -march=native+nofp -c a.c | heavy host-specific
  a processor by its name                    | gcc clang | -march=x86-64-v3 -mtune=skylake -c a.c | remote a.o
  another word size                          | gcc clang | -m32 -c a.c | remote a.o
  a target                                   | clang | -target aarch64-linux-gnu -c a.c | remote a.o
  a target, the long way                     | clang | --target=aarch64-linux-gnu -c a.c | remote a.o
  gcc has no -target                         | gcc | --target=aarch64-linux-gnu -c a.c | heavy unknown-option
  one architecture                           | clang | -arch arm64 -c a.c | remote a.o
  two architectures                          | clang | -arch arm64 -arch x86_64 -c a.c | heavy several-architectures
  an option for one architecture             | clang | -Xarch_arm64 -O3 -c a.c | heavy several-architectures
  programs elsewhere                         | gcc clang | -B/opt/bin -c a.c | heavy host-specific
  programs elsewhere, apart                  | gcc clang | -B dir -c a.c | heavy host-specific
  programs by the environment                | gcc clang | -c a.c | heavy environment | COMPILER_PATH=/opt
  programs by a prefix                       | gcc clang | -c a.c | heavy environment | GCC_EXEC_PREFIX=/opt/
  comparing debug builds                     | gcc clang | -c a.c | heavy environment | GCC_COMPARE_DEBUG=1
  a wrapper                                  | gcc clang | -wrapper valgrind -c a.c | heavy host-specific
  -gtoggle                                   | gcc | -gtoggle -c a.c | heavy host-specific
  a configuration file                       | clang | --config=x.cfg -c a.c | heavy host-specific
  a configuration file, apart                | clang | --config x.cfg -c a.c | heavy host-specific
  specs                                      | gcc | -specs=x.specs -c a.c | heavy host-specific
  specs, the long way                        | gcc | --specs=nosys.specs -c a.c | heavy host-specific
  a gcc to lean on                           | clang | --gcc-toolchain=/opt/gcc -c a.c | heavy host-specific
  a gcc to lean on, by its folder            | clang | --gcc-install-dir=/opt/gcc -c a.c | heavy host-specific
  clang's own headers elsewhere              | clang | -resource-dir /opt/clang -c a.c | heavy host-specific
  another working directory                  | clang | -working-directory /x -c a.c | heavy host-specific
  another driver                             | clang | --driver-mode=g++ -c a.c | heavy host-specific
  a plugin                                   | gcc clang | -fplugin=x.so -c a.c | heavy plugin
  a plugin's argument                        | gcc clang | -fplugin-arg-x-y=z -c a.c | heavy plugin
  a plugin for clang's own ears              | clang | -Xclang -load -Xclang x.so -c a.c | heavy unknown-option
  a pass plugin                              | clang | -fpass-plugin=x.so -c a.c | heavy plugin
  include paths by the environment           | gcc clang | -c a.c | remote a.o | CPATH=/inc C_INCLUDE_PATH=/c CPLUS_INCLUDE_PATH=/p
  clang's configuration by the environment   | gcc clang | -c a.c | heavy environment | CLANG_CONFIG_FILE_USER_DIR=/x
  clang's configuration switched off         | gcc clang | -c a.c | heavy environment | CLANG_NO_DEFAULT_CONFIG=1
  options by the environment                 | gcc clang | -c a.c | heavy environment | CCC_OVERRIDE_OPTIONS=+-O0
  options by the environment, of old         | gcc clang | -c a.c | heavy environment | QA_OVERRIDE_GCC3_OPTIONS=+-O0
  an SDK                                     | gcc clang | -c a.c | heavy environment | SDKROOT=/sdk
  an SDK's version                           | gcc clang | -c a.c | heavy environment | MACOSX_DEPLOYMENT_TARGET=13
  a locale                                   | gcc clang | -c a.c | remote a.o | LC_ALL=de_DE.UTF-8 LANG=C
  colours                                    | gcc clang | -fdiagnostics-color=always -c a.c | remote a.o | GCC_COLORS=error=01
  colours, clang's way                       | clang | -fcolor-diagnostics -c a.c | remote a.o
  messages for programs                      | gcc clang | -fdiagnostics-format=json -c a.c | tree extra-output a.o
  PATH and TMPDIR                            | gcc clang | -c a.c | remote a.o | PATH=/x TMPDIR=/y
  the charset of strings                     | gcc clang | -fexec-charset=latin1 -c a.c | tree host-specific a.o
  the charset of wide strings                | gcc | -fwide-exec-charset=UTF-16 -c a.c | tree host-specific a.o
  the charset of the source                  | gcc clang | -finput-charset=UTF-8 -c a.c | remote a.o
  a sysroot                                  | gcc clang | --sysroot=/sys -c a.c | remote a.o
  a sysroot, apart                           | gcc clang | --sysroot /sys -c a.c | remote a.o
  a sysroot for headers                      | gcc clang | -isysroot /sys -c a.c | tree host-specific a.o
  prefixes and late headers                  | gcc clang | -iprefix p -iwithprefix q -idirafter late -c a.c | remote a.o
  no headers but mine                        | gcc clang | -nostdinc -c a.c | remote a.o
  the end of quoted paths                    | gcc clang | -I x -I- -I y -c a.c | heavy unknown-option
  a listing of the assembly                  | gcc clang | -Wa,-adhln=a.lst -c a.c | heavy extra-output
  the assembler's dependencies               | gcc clang | -Wa,--MD,a.d -c a.c | heavy extra-output
  a file for the assembler                   | gcc clang | -Wa,other.s -c a.c | heavy extra-input
  a folder for the assembler                 | gcc clang | -Wa,-Iinc -c a.c | heavy extra-input
  the assembler told directly                | gcc clang | -Xassembler -L -c a.c | remote a.o
  harmless words for the assembler           | gcc clang | -Wa,--noexecstack,--fatal-warnings -c a.c | remote a.o
  the assembler of the machine               | clang | -fno-integrated-as -c a.c | heavy host-specific
  a preprocessor of its own                  | gcc | -no-integrated-cpp -c a.c | heavy unknown-option
  the preprocessor of old                    | gcc | -traditional-cpp -c a.c | remote a.o text=text-unfit
  macros of another file, which clang forgets | clang | -imacros x.h -c a.c | remote a.o text=text-unfit
  macros of another file                     | gcc | -imacros x.h -c a.c | remote a.o
`)
