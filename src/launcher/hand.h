/* The launcher as the agent's hand: does what it is told, until it ends or the agent is lost. */
#ifndef HG_HAND_H
#define HG_HAND_H

#include "call.h"

_Noreturn void serve_agent(const struct call *call);

#endif
