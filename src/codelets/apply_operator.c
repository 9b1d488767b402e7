#include "codelets/apply_operator.h"

#include "codelets/data_list.h"
#include "model/ridge/operators.h"

void apply_operator_cpu(void *buffers[], void *cl_arg)
{
    (void)buffers;
    struct apply_operator_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (!run_status_failed(args.status))
        operators_apply(args.p, args.n, args.columns, args.ld, args.count, args.fitted);
}

static struct starpu_codelet apply_operator_cl = {
    .cpu_funcs = {apply_operator_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "apply_operator",
};

int apply_operator_submit(const struct apply_operator_args *args, const starpu_data_handle_t *tiles,
                          size_t n_tiles, starpu_data_handle_t fitted, struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, fitted, STARPU_W);
    for (size_t i = 0; i < n_tiles; i++)
        data_list_add(&list, tiles[i], STARPU_R);
    int code = starpu_task_insert(&apply_operator_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count,
                                  STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "apply_operator", err);
}
