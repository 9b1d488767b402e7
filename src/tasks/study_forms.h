/* What orbits need of a study: the coefficients of the quadratic forms of some consecutive outer folds, or of
 * all, read-only once the operator graph has run. The ranks of a machine share one copy. */
#ifndef ARETE_TASKS_STUDY_FORMS_H
#define ARETE_TASKS_STUDY_FORMS_H

#include "model/orbits/form_order.h"
#include "model/orbits/orbit_coefficients.h"
#include "planning/fold_chains.h"
#include "ranks/shared_memory.h"

#include <starpu.h>
#include <stddef.h>

struct study_forms {
    const struct orbit_engine *engine;    /* the caller's */
    size_t first_outer, n_outer, n_nodes; /* of n_outer folds from first_outer on */
    struct orbit_forms forms;             /* in the order of form_order.h, counted from first_outer */
    /* Bands of frequencies, of about the same work: band b is frequencies first[b] ... first[b+1]-1, and its
     * handle guards their coefficients. */
    size_t n_bands, *first;
    starpu_data_handle_t *bands;
    struct shared_memory memory;
};

/* Room for the forms of this machine's folds, which may be none. The ranks of a machine ask for the same.
 * Collective. */
int study_forms_init(struct study_forms *forms, struct ranks *ranks, const struct orbit_engine *engine,
                     struct fold_span folds, size_t n_nodes, struct error *err);
/* Where every machine has the same folds: carries the coefficients from rank 0's machine, where they were
 * made, to all others. Collective; afterwards every rank may read them. */
int study_forms_broadcast(struct study_forms *forms, struct ranks *ranks, struct error *err);
/* Collective, as shared_memory_close; safe on a zeroed struct. */
void study_forms_free(struct study_forms *forms, struct ranks *ranks);

/* Bytes of the forms of n_outer folds. */
double study_forms_bytes(const struct orbit_engine *engine, size_t n_outer, size_t n_nodes);

#endif
