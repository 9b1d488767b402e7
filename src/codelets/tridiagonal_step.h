/* Tasks: the steps that turn K beyond the covariates into a tridiagonal matrix
 * (model/eigen/tridiagonal_reduction.h). One handle, `column`, stands for the column under way: what makes it
 * writes it, what is shared among workers reads it. */
#ifndef ARETE_CODELETS_TRIDIAGONAL_STEP_H
#define ARETE_CODELETS_TRIDIAGONAL_STEP_H

#include "codelets/run_status.h"
#include "model/eigen/tridiagonal_reduction.h"

#include <starpu.h>
#include <stddef.h>

struct tridiagonal_step_args {
    struct run_status *status;
    struct tridiagonal_reduction *reduction;
    size_t column; /* of updates: the panel */
    size_t slab;   /* of products and updates */
};

/* reduction_begin; writes the column. */
int tridiagonal_begin_submit(const struct tridiagonal_step_args *args, starpu_data_handle_t column,
                             struct error *err);
/* reduction_product; reads it. */
int tridiagonal_product_submit(const struct tridiagonal_step_args *args, starpu_data_handle_t column,
                               struct error *err);
/* reduction_next; writes it. */
int tridiagonal_next_submit(const struct tridiagonal_step_args *args, starpu_data_handle_t column,
                            struct error *err);
/* reduction_update; reads it. */
int tridiagonal_update_submit(const struct tridiagonal_step_args *args, starpu_data_handle_t column,
                              struct error *err);

#endif
