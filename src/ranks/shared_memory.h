/* Arrays of which the ranks of a machine share one copy: an MPI-3 shared-memory window; ordinary memory where
 * a machine has one rank. */
#ifndef ARETE_RANKS_SHARED_MEMORY_H
#define ARETE_RANKS_SHARED_MEMORY_H

#include "ranks/ranks.h"

struct shared_memory {
    void *bytes; /* on a 64-byte boundary; the same memory in all ranks of the machine, at other addresses */
    size_t count_bytes;
    struct shared_memory_window *opaque; /* NULL for ordinary memory */
};

/* Makes an array of `count` elements of `size` bytes, uninitialised. The ranks of a machine ask for the same
 * size; it may differ between machines. `what` names it in messages, as in base/memory.h. Collective; the
 * outcome is agreed on, as by collectives_agree. */
int shared_memory_open(struct shared_memory *memory, struct ranks *ranks, size_t count, size_t size,
                       const char *what, struct error *err);
/* Whether arrays of so many bytes together will find room on this rank's machine: an error names what there
 * is, as shared_memory_open's. 0 where nothing is shared. Not collective. */
int shared_memory_check_room(const struct ranks *ranks, double bytes, const char *what, struct error *err);
/* Gives the array up; after a failure of any rank the memory is left behind. Safe on a zeroed struct.
 * Collective among the ranks of a machine. */
void shared_memory_close(struct shared_memory *memory, struct ranks *ranks);

/* What a rank wrote to shared arrays before this call, all ranks of its machine see after it. Collective
 * among all ranks; the outcome is agreed on, as by collectives_agree. */
int shared_memory_sync(struct ranks *ranks, struct error *err);

/* Copies `bytes` bytes at `at` from the machine of rank `root` to every machine with wants[machine]
 * (n_machines entries; NULL: to all). On other machines `at` may be NULL. Called by all ranks in the same
 * order. Call shared_memory_sync before it, so that root's writing is complete, and after it, before others
 * read. */
int shared_memory_broadcast(struct ranks *ranks, void *at, size_t bytes, int root, const bool *wants,
                            struct error *err);

/* The same from rank 0's machine to all others, synced before and after. Collective. */
int shared_memory_spread(struct ranks *ranks, void *at, size_t bytes, struct error *err);

#endif
