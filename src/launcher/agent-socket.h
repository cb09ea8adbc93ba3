/* The way to the agent and back. */
#ifndef HG_AGENT_SOCKET_H
#define HG_AGENT_SOCKET_H

#include "call.h"
#include "platform.h"
#include "wire.h"

/* False when no agent of this user answers. */
bool connect_to_agent(void);

/* To be polled for what the agent says. */
int agent_fd(void);

/* These are false once the agent is lost. */
bool say_hello(const struct call *call);
bool send_frame(const struct bytes *frame);
bool receive_from_agent(void);

/* The next frame that has arrived whole, its type taken off. It stays until the next call of `receive_from_agent`. */
enum heard { HEARD_FRAME, HEARD_NOTHING, HEARD_NONSENSE };
enum heard next_frame(uint8_t *type, struct fields *fields);

/* Lets the socket stay open in what the launcher becomes: the agent sees when that ends. */
void keep_agent_open(void);
void leave_agent(void);

/* For the environment; not declared by any header. */
extern char **environ;

#endif
