/* Signals come in only while the launcher waits, so a handler finds everything in order. */
#ifndef HG_SIGNALS_H
#define HG_SIGNALS_H

#include "platform.h"

#include <poll.h>
#include <signal.h>

/* From here on an interrupt first removes what the launcher would leave behind. */
void take_signals(void);

/* The numbers of those that are ignored, parted by spaces; a new string. */
char *ignored_signals(void);

/* `poll`; the only place where signals come in. */
int wait_for(struct pollfd *fds, nfds_t count, int timeout_ms);

/* Readable after a child ended; see `forget_child_ended`. */
int child_ended_fd(void);
void forget_child_ended(void);

/* The mask the launcher was started with. */
const sigset_t *given_mask(void);

/* Signals as they were when the launcher was started; for what it becomes. */
void give_signals_back(void);

/* For what may block: between these two signals come in, and interrupts still clean up. */
void let_signals_in(void);
void hold_signals(void);

_Noreturn void die_by_signal(int signal);

#endif
