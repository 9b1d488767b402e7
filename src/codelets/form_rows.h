/* Task: the rows of a criterion's factor that come from one inner fold (model/orbits/forms_rows.h), rounded.
 */
#ifndef ARETE_CODELETS_FORM_ROWS_H
#define ARETE_CODELETS_FORM_ROWS_H

#include "codelets/run_status.h"
#include "model/orbits/forms.h"

#include <starpu.h>
#include <stddef.h>

struct form_rows_args {
    struct run_status *status;
    struct forms_fold fold; /* P and the fold's operators, guarded by handles */
    size_t inner_fold;
    const double *error_rows;  /* E, with the operators */
    struct form_factor factor; /* of the criterion */
};

/* Doubles of workspace, for every outer fold. */
size_t form_rows_workspace(const struct folds *folds);

struct form_rows_data {
    const starpu_data_handle_t *tiles; /* that guard P, read */
    size_t n_tiles;
    starpu_data_handle_t workspace; /* scratch doubles */
    starpu_data_handle_t operators; /* guards the fold's operators and E, read */
    starpu_data_handle_t room;      /* written by who used the array of rows before; read */
    starpu_data_handle_t rows;      /* guards the inner fold's rows, written */
};

int form_rows_submit(const struct form_rows_args *args, const struct form_rows_data *data, struct error *err);

#endif
