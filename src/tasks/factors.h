/* The operators of every penalty in float32, as the permutations use them (model/ridge/operators.h). The
 * ranks of a machine share one copy. It is read-only once factor_graph_run has filled it. */
#ifndef ARETE_TASKS_FACTORS_H
#define ARETE_TASKS_FACTORS_H

#include "model/ridge/folds.h"
#include "model/ridge/operators.h"
#include "planning/placement.h"
#include "ranks/window.h"

#include <starpu.h>
#include <stddef.h>

struct factors {
    size_t n, n_penalties, n_outer;
    struct operator_layout *layouts; /* n_outer */
    /* Of each penalty P, n x n, and of each penalty and outer fold (penalty * n_outer + fold) the fold's
     * operators, as its layout says. NULL for a penalty that is not on this machine. */
    float **p, **folds;
    starpu_data_handle_t *p_handles, *fold_handles; /* the same arrays, for tasks */
    struct window memory;
};

/* Makes room for the penalties that this machine holds; nothing is filled. Collective. */
int factors_init(struct factors *factors, struct ranks *ranks, const struct placement *placement,
                 const struct folds *folds, struct error *err);
/* Sends each penalty's operators from the rank that built them to all machines that hold them. Afterwards
 * every rank may read them. Collective. */
int factors_spread(struct factors *factors, struct ranks *ranks, const struct placement *placement,
                   struct error *err);
/* Collective, like window_close. Safe on a zeroed struct. */
void factors_free(struct factors *factors, struct ranks *ranks);

/* Bytes of one penalty's operators: P and those of every fold. */
double factors_bytes_per_penalty(const struct folds *folds);

#endif
