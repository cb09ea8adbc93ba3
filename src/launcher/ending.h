/* All the ways a launcher ends. None of them leaves a child, a temporary file or a wrong answer behind. */
#ifndef HG_ENDING_H
#define HG_ENDING_H

#include "call.h"
#include "platform.h"

/* Mirrored in src/scheduler/agent.ts. */
#define EXIT_NO_FALLBACK 111
#define EXIT_NOT_FOUND 127
#define EXIT_NOT_RUNNABLE 126

/* To be told before the others are used. */
void prepare_ending(const struct call *call);

/* Why the compiler runs here without an agent's word. */
enum alone { NO_NODE, NODE_LOST };

/* Becomes the real compiler; or fails, where `--no-fallback` asks for it. */
_Noreturn void compile_here(enum alone why);

/* Becomes the real compiler without a word: a launcher that was met by what a launcher started. */
_Noreturn void become_compiler(void);

/* Has all that is started from here on know that a launcher started it. */
void raise_guard(void);

/* Becomes this program, with the socket open in it when `keeps_agent`. Returns an errno when it cannot. */
int become(char *const *argv, bool keeps_agent);

_Noreturn void end_with(int code);

/* Ends as a child did: with its code, or by its signal. */
_Noreturn void end_as(int wait_status);

/* Says what is wrong, in two lines, and ends. */
_Noreturn void complain(int code, const char *hint, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What is to be gone before any end; safe in a signal handler while the launcher waits. */
void leave_nothing(void);

#endif
