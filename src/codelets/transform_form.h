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

/* q: guards args->q, read. workspace: scratch floats, orbit_coefficients_workspace. */
int transform_form_submit(const struct transform_form_args *args, starpu_data_handle_t q,
                          starpu_data_handle_t workspace, struct error *err);

#endif
