#include "codelets/round_operator.h"

#include "codelets/data_list.h"
#include "model/operators.h"

enum { BUFFER_FITTED, BUFFER_SINGLE };

/* As it travels to the task. */
struct task_args {
    struct round_operator_args round;
    bool is_rounded;
};

static void round_operator_cpu(void *buffers[], void *cl_arg)
{
    struct task_args task;
    starpu_codelet_unpack_args(cl_arg, &task);
    const struct round_operator_args *args = &task.round;
    if (run_status_failed(args->status))
        return;
    double *fitted = (double *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_FITTED]);
    size_t n_targets = args->targets != NULL ? args->n_targets : 0;
    if (args->targets != NULL)
        operators_apply(args->p, args->n, args->targets, n_targets, fitted);
    if (args->probes != NULL)
        operators_apply(args->p, args->n, args->probes, args->n_probes, fitted + args->n * n_targets);
    if (task.is_rounded)
        operators_round(args->p, args->n * args->n, (float *)STARPU_MATRIX_GET_PTR(buffers[BUFFER_SINGLE]));
}

static struct starpu_codelet round_operator_cl = {
    .cpu_funcs = {round_operator_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "round_operator",
};

int round_operator_submit(const struct round_operator_args *args, const starpu_data_handle_t *tiles,
                          size_t n_tiles, starpu_data_handle_t single, starpu_data_handle_t fitted,
                          struct error *err)
{
    struct task_args task = {*args, single != NULL};
    struct data_list list = {.count = 0};
    data_list_add(&list, fitted, STARPU_W);
    if (single != NULL)
        data_list_add(&list, single, STARPU_W);
    for (size_t i = 0; i < n_tiles; i++)
        data_list_add(&list, tiles[i], STARPU_R);
    int code = starpu_task_insert(&round_operator_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count,
                                  STARPU_VALUE, &task, sizeof task, 0);
    return run_status_inserted(code, "round_operator", err);
}
