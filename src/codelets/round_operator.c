#include "codelets/round_operator.h"

#include "codelets/data_list.h"
#include "model/ridge/operators.h"

void round_operator_cpu(void *buffers[], void *cl_arg)
{
    struct round_operator_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (!run_status_failed(args.status))
        operators_round(args.p, args.n * args.n, (float *)STARPU_MATRIX_GET_PTR(buffers[0]));
}

static struct starpu_codelet round_operator_cl = {
    .cpu_funcs = {round_operator_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "round_operator",
};

int round_operator_submit(const struct round_operator_args *args, const starpu_data_handle_t *tiles,
                          size_t n_tiles, starpu_data_handle_t single, struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, single, STARPU_W);
    for (size_t i = 0; i < n_tiles; i++)
        data_list_add(&list, tiles[i], STARPU_R);
    int code = starpu_task_insert(&round_operator_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count,
                                  STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "round_operator", err);
}
