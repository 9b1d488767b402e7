/* The operators of every penalty in float32, as the permutations use them (model/ridge/operators.h). The
 * ranks of a machine share one copy. It is read-only once operator_graph_run has filled it. */
#ifndef ARETE_TASKS_SHARED_OPERATORS_H
#define ARETE_TASKS_SHARED_OPERATORS_H

#include "model/ridge/folds.h"
#include "model/ridge/operators.h"
#include "planning/placement.h"
#include "ranks/shared_memory.h"

#include <starpu.h>
#include <stddef.h>

struct shared_operators {
    size_t n, n_penalties, n_outer;
    struct operator_layout *layouts; /* n_outer */
    /* Of each penalty P, n x n, and of each penalty and outer fold (penalty * n_outer + fold) the fold's
     * operators, as its layout says. */
    float **p, **folds;
    starpu_data_handle_t *p_handles, *fold_handles; /* the same arrays, for tasks */
    struct shared_memory memory;
};

/* Makes room for so many penalties on every machine; nothing is filled. Collective. */
int shared_operators_init(struct shared_operators *shared, struct ranks *ranks, size_t n_penalties,
                          const struct folds *folds, struct error *err);
/* Sends each penalty's operators from the machine that built them to all others. Afterwards every rank may
 * read them. Collective. */
int shared_operators_broadcast(struct shared_operators *shared, struct ranks *ranks,
                               const struct placement *placement, struct error *err);
/* Collective, like shared_memory_close. Safe on a zeroed struct. */
void shared_operators_free(struct shared_operators *shared, struct ranks *ranks);

/* Bytes of one penalty's operators: P and those of every fold. */
double shared_operators_bytes_per_penalty(const struct folds *folds);

#endif
