/* What the permutations need of every penalty: its operators in float32, read-only once the factor graph has
 * run. The ranks of a machine share one copy. */
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
    struct operator_layout *layouts;                /* n_outer */
    float **p;                                      /* n_penalties arrays, n x n ... */
    float **folds;                                  /* n_penalties x n_outer arrays, as layouts say ... */
    starpu_data_handle_t *p_handles, *fold_handles; /* ... the same, for tasks; all NULL for a penalty that is
                                                       not on this machine */
    struct window memory;
};

/* Room for the penalties of this machine. Collective. */
int factors_init(struct factors *factors, struct ranks *ranks, const struct placement *placement,
                 const struct folds *folds, struct error *err);
/* Carries each penalty's operators from the rank that built them to all machines that hold it. Collective;
 * afterwards every rank may read them. */
int factors_spread(struct factors *factors, struct ranks *ranks, const struct placement *placement,
                   struct error *err);
/* Collective, as window_close; safe on a zeroed struct. */
void factors_free(struct factors *factors, struct ranks *ranks);

/* Bytes of one penalty's operators. */
double factors_bytes_per_penalty(const struct folds *folds);

#endif
