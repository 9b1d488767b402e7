/* The analysed targets where the graphs read them: one copy a machine, which its ranks share. */
#ifndef ARETE_RUN_SHARED_TARGETS_H
#define ARETE_RUN_SHARED_TARGETS_H

#include "base/error.h"
#include "ranks/shared_memory.h"

#include <stdbool.h>
#include <stddef.h>

struct shared_targets {
    struct shared_memory rounded; /* n x T floats */
    struct shared_memory copy;    /* the same in double, but for the first machine, where rank 0 has them */
    const double *in_double;      /* this rank's: rank 0's own, or the copy; NULL once that is closed */
};

/* targets: `count` doubles of rank 0, which are only read and must stay as long as they are needed in double;
 * NULL elsewhere. with_double: for observed scores. Collective. */
int shared_targets_open(struct shared_targets *shared, struct ranks *ranks, double *targets, size_t count,
                        bool with_double, struct error *err);
/* When observed scores are there. Collective. */
void shared_targets_close_double(struct shared_targets *shared, struct ranks *ranks);
/* Collective; safe on a zeroed struct. */
void shared_targets_close(struct shared_targets *shared, struct ranks *ranks);

#endif
