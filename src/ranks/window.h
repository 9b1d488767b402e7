/* Arrays of which a machine's ranks share one copy (an MPI-3 shared-memory window); plain memory when there
 * is one rank. */
#ifndef ARETE_RANKS_WINDOW_H
#define ARETE_RANKS_WINDOW_H

#include "ranks/ranks.h"

struct window {
    void *bytes; /* on a 64-byte boundary; the same memory in all ranks of the machine */
    size_t count_bytes;
    struct window_memory *opaque; /* NULL for plain memory */
};

/* Collective, and a place to agree on an error as agree_outcome is; the ranks of a machine name the same
 * size. `what` as in base/memory.h. */
int window_open(struct window *window, struct ranks *ranks, size_t count, size_t size, const char *what,
                struct error *err);
/* Collective among the ranks of a machine; after a failure of any rank it leaves the memory behind. */
void window_close(struct window *window, struct ranks *ranks);

/* Everything that any rank wrote to its machine's windows before is seen by the machine's ranks after.
 * Collective among all ranks, and a place to agree on an error as agree_outcome is. */
int window_settle(struct ranks *ranks, struct error *err);

/* What stands at `at` on the machine of rank `root` becomes what stands at `at` on every machine for which
 * wants[machine] holds (n_machines; at may be NULL where it does not hold). Called by all ranks in the same
 * order; settle before (the root has written) and after (all may read). */
int window_spread(struct ranks *ranks, void *at, size_t bytes, int root, const bool *wants,
                  struct error *err);

#endif
