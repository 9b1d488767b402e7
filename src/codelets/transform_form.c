#include "codelets/transform_form.h"

#include "codelets/data_list.h"
#include "codelets/form_priority.h"

static void transform_form_cpu(void *buffers[], void *cl_arg)
{
    struct transform_form_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (!run_status_failed(args.status))
        orbit_coefficients_make(args.engine, args.q, args.forms, args.form,
                                (float *)STARPU_VECTOR_GET_PTR(buffers[0]));
}

static struct starpu_codelet transform_form_cl = {
    .cpu_funcs = {transform_form_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "transform_form",
};

int transform_form_submit(const struct transform_form_args *args, const starpu_data_handle_t *tiles,
                          size_t n_tiles, starpu_data_handle_t workspace, starpu_data_handle_t done,
                          struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, workspace, STARPU_SCRATCH);
    for (size_t i = 0; i < n_tiles; i++)
        data_list_add(&list, tiles[i], STARPU_R);
    if (done != NULL)
        data_list_add(&list, done, STARPU_W);
    int code = starpu_task_insert(&transform_form_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count,
                                  STARPU_VALUE, args, sizeof *args, STARPU_PRIORITY, FORM_PRIORITY, 0);
    return run_status_inserted(code, "transform_form", err);
}
