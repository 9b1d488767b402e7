#include "codelets/reduce.h"

#include "codelets/data_list.h"

void reduce_cpu(void *buffers[], void *cl_arg)
{
    struct reduce_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    const float *sums[DATA_LIST_MOST];
    float *scores = (float *)STARPU_VECTOR_GET_PTR(buffers[0]);
    for (size_t k = 0; k < args.nodes->n_nodes; k++) {
        sums[k] = (const float *)STARPU_MATRIX_GET_PTR(buffers[2 + k]);
        if (run_status_poisoned(sums[k])) { /* by another rank that has failed */
            run_status_poison(scores);
            return;
        }
    }
    score_nodes_columns(args.kind, sums, args.nodes, (const float *)STARPU_MATRIX_GET_PTR(buffers[1]),
                        args.n_test, args.columns, scores);
    atomic_fetch_add(args.n_reduced, 1);
}

static struct starpu_codelet reduce_cl = {
    .cpu_funcs = {reduce_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "reduce",
};

int reduce_submit(const struct reduce_args *args, const starpu_data_handle_t *sums,
                  starpu_data_handle_t baseline, starpu_data_handle_t scores, int priority, struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, scores, STARPU_W);
    data_list_add(&list, baseline, STARPU_R);
    for (size_t k = 0; k < args->nodes->n_nodes; k++)
        data_list_add(&list, sums[k], STARPU_R);
    int code = starpu_task_insert(&reduce_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count, STARPU_VALUE,
                                  args, sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "reduce", err);
}
