#include "codelets/baseline_form.h"

static void baseline_form_cpu(void *buffers[], void *cl_arg)
{
    struct baseline_form_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (!run_status_failed(args.status))
        forms_build_baseline(args.baseline, args.folds, args.outer_fold,
                             (double *)STARPU_VECTOR_GET_PTR(buffers[0]), args.form);
}

static struct starpu_codelet baseline_form_cl = {
    .cpu_funcs = {baseline_form_cpu},
    .nbuffers = 2,
    .modes = {STARPU_SCRATCH, STARPU_W},
    .name = "baseline_form",
};

int baseline_form_submit(const struct baseline_form_args *args, starpu_data_handle_t workspace,
                         starpu_data_handle_t form, struct error *err)
{
    int code = starpu_task_insert(&baseline_form_cl, STARPU_SCRATCH, workspace, STARPU_W, form, STARPU_VALUE,
                                  args, sizeof *args, 0);
    return run_status_inserted(code, "baseline_form", err);
}
