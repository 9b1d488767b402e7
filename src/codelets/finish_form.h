/* Task: a form from its tiles: the diagonal in double, the other triangle, and for a criterion the test set's
 * zeros. */
#ifndef ARETE_CODELETS_FINISH_FORM_H
#define ARETE_CODELETS_FINISH_FORM_H

#include "codelets/run_status.h"
#include "model/orbits/forms.h"

#include <starpu.h>
#include <stdbool.h>
#include <stddef.h>

struct finish_form_args {
    struct run_status *status;
    struct form_factor factor;
    const struct folds *folds;
    size_t outer_fold;
    bool is_criterion;
    float *form; /* n x n */
};

/* tiles: read and written. beside: guards the factor's squares and is read (an error's), or is written, as
 * the criterion's factor is needed no more. */
int finish_form_submit(const struct finish_form_args *args, const starpu_data_handle_t *tiles, size_t n_tiles,
                       starpu_data_handle_t beside, struct error *err);

#endif
