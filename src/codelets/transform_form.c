#include "codelets/transform_form.h"

static void transform_form_cpu(void *buffers[], void *cl_arg)
{
    struct transform_form_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (!run_status_failed(args.status))
        orbit_coefficients_make(args.engine, args.q, args.forms, args.form,
                                (float *)STARPU_VECTOR_GET_PTR(buffers[1]));
}

static struct starpu_codelet transform_form_cl = {
    .cpu_funcs = {transform_form_cpu},
    .nbuffers = 2,
    .modes = {STARPU_R, STARPU_SCRATCH},
    .name = "transform_form",
};

int transform_form_submit(const struct transform_form_args *args, starpu_data_handle_t q,
                          starpu_data_handle_t workspace, struct error *err)
{
    /* Before other folds are begun, whose forms wait for the room. */
    const int priority = 1;
    int code = starpu_task_insert(&transform_form_cl, STARPU_R, q, STARPU_SCRATCH, workspace, STARPU_VALUE,
                                  args, sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "transform_form", err);
}
