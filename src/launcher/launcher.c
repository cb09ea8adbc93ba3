/*
 * Stands in for a compiler in a build: asks the agent of this machine's node to have the call done, and is its hand
 * meanwhile. Whatever goes wrong, it becomes the real compiler. Spec: docs/protocols/launcher.md
 */
#include "platform.h"

#include <stdlib.h>

#include "agent-socket.h"
#include "call.h"
#include "descriptors.h"
#include "ending.h"
#include "find-compiler.h"
#include "hand.h"
#include "signals.h"

int main(int argc, char **argv) {
  (void)argc;
  struct call call = read_call(argv);
  prepare_ending(&call);
  if (getenv(GUARD_VARIABLE) != NULL || !can_print()) become_compiler();
  if (!connect_to_agent()) {
    /* Node starts one and calls us again. */
    if (call.by_hgbuild && getenv("HG_NODE_STARTED") == NULL) become_node(argv + 1);
    compile_here(NO_NODE);
  }
  take_signals();
  serve_agent(&call);
}
