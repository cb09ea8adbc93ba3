/* What the launcher was called for. */
#ifndef HG_CALL_H
#define HG_CALL_H

#include "platform.h"

struct call {
  /* As it was called: gcc, /usr/bin/gcc. */
  const char *tool;
  /* Absolute path of the real compiler. */
  char *compiler;
  /* What stands behind the tool; ends with a NULL. */
  char **args;
  /* Called as `hgbuild cc ...`: a node is started if none runs. */
  bool by_hgbuild;
  /* Says on stderr where the compile ran. */
  bool announces_place;
};

/* Reads the command line. Becomes Node, or ends with a message, when it asks for anything but one compile. */
struct call read_call(char **argv);

/* Becomes `node dist/hgbuild.js` with these arguments. Comes back when there is no Node or no hgbuild.js. */
void become_node(char **args);

#endif
