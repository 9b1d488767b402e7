/* Task: the baseline's error of one outer fold as a quadratic form. */
#ifndef ARETE_CODELETS_BASELINE_FORM_H
#define ARETE_CODELETS_BASELINE_FORM_H

#include "codelets/run_status.h"
#include "model/orbits/forms.h"

#include <starpu.h>
#include <stddef.h>

struct baseline_form_args {
    struct run_status *status;
    const struct baseline *baseline;
    const struct folds *folds;
    size_t outer_fold;
    float *form; /* n x n */
};

/* workspace: scratch doubles, forms_baseline_workspace. form: guards args->form, written. */
int baseline_form_submit(const struct baseline_form_args *args, starpu_data_handle_t workspace,
                         starpu_data_handle_t form, struct error *err);

#endif
