/* The analysed targets where the graphs read them: one copy a machine, which its ranks share. */
#ifndef ARETE_RUN_SHARED_TARGETS_H
#define ARETE_RUN_SHARED_TARGETS_H

#include "base/error.h"
#include "ranks/shared_memory.h"

#include <stdbool.h>
#include <stddef.h>

struct shared_targets {
    struct shared_memory rounded; /* n x T floats */
    /* The same in double; not on the first machine where rank 0, who has them, is the only one to read them.
     */
    struct shared_memory copy;
    const double *in_double; /* this rank's: rank 0's own, or the copy; NULL where there is none */
};

/* targets: `count` doubles of rank 0, which are only read and must stay as long as they are needed in double;
 * NULL elsewhere. n_readers: how many ranks of a machine make observed scores, which are made in double; 0:
 * they are there already. Collective. */
int shared_targets_open(struct shared_targets *shared, struct ranks *ranks, double *targets, size_t count,
                        int n_readers, struct error *err);
/* When observed scores are there. Collective. */
void shared_targets_close_double(struct shared_targets *shared, struct ranks *ranks);
/* Collective; safe on a zeroed struct. */
void shared_targets_close(struct shared_targets *shared, struct ranks *ranks);

#endif
