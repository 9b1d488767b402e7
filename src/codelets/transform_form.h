/* Task: the coefficients of one quadratic form (model/orbits/orbit_coefficients.h), where the orbits of the
 * study find them. */
#ifndef ARETE_CODELETS_TRANSFORM_FORM_H
#define ARETE_CODELETS_TRANSFORM_FORM_H

#include "codelets/run_status.h"
#include "model/orbits/orbit_coefficients.h"

#include <starpu.h>
#include <stddef.h>

struct transform_form_args {
    struct run_status *status;
    const struct orbit_engine *engine;
    const float *q; /* n x n */
    /* No handle guards them while they are made: every task writes other elements, and they are read only
     * when all have ended. */
    const struct orbit_forms *forms;
    size_t form;
};

/* tiles: guard args->q, read. workspace: scratch floats, orbit_coefficients_workspace. done: written, so that
 * who waits for the array knows that it is free; or NULL. */
int transform_form_submit(const struct transform_form_args *args, const starpu_data_handle_t *tiles,
                          size_t n_tiles, starpu_data_handle_t workspace, starpu_data_handle_t done,
                          struct error *err);

#endif
