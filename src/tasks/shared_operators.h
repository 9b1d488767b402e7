/* The operators of every penalty in float32, as the permutations use them (model/ridge/operators.h), of some
 * consecutive outer folds or of all. The ranks of a machine share one copy. It is read-only once
 * operator_graph_run has filled it. */
#ifndef ARETE_TASKS_SHARED_OPERATORS_H
#define ARETE_TASKS_SHARED_OPERATORS_H

#include "model/ridge/folds.h"
#include "model/ridge/operators.h"
#include "planning/placement.h"
#include "ranks/shared_memory.h"

#include <starpu.h>
#include <stddef.h>

struct shared_operators {
    size_t n, n_penalties;           /* without folds no penalty */
    struct fold_span span;           /* the outer folds */
    struct operator_layout *layouts; /* span.count */
    /* Of each penalty P, n x n, and of each penalty and fold (penalty * span.count + fold - span.first) the
     * fold's operators, as its layout says. */
    float **p, **folds;
    starpu_data_handle_t *p_handles, *fold_handles; /* the same arrays, for tasks */
    struct shared_memory memory;
};

/* Makes room for so many penalties and this machine's folds, which may be none; nothing is filled. The ranks
 * of a machine ask for the same. Collective. */
int shared_operators_init(struct shared_operators *shared, struct ranks *ranks, size_t n_penalties,
                          const struct folds *folds, struct fold_span span, struct error *err);
/* The fold's operators at a penalty, for tasks; NULL where it is not among the span. */
starpu_data_handle_t shared_operators_fold(const struct shared_operators *shared, size_t penalty,
                                           size_t outer_fold);
/* Where every machine has the same folds: sends each penalty's operators from the machine that built them to
 * all others. Afterwards every rank may read them. Collective. */
int shared_operators_broadcast(struct shared_operators *shared, struct ranks *ranks,
                               const struct placement *placement, struct error *err);
/* Collective, like shared_memory_close. Safe on a zeroed struct. */
void shared_operators_free(struct shared_operators *shared, struct ranks *ranks);

/* Bytes of one penalty's operators: P and those of these folds. */
double shared_operators_bytes_per_penalty(const struct folds *folds, struct fold_span span);

#endif
