#include "codelets/reduce.h"

#include "codelets/data_list.h"

enum { BUFFER_TO, BUFFER_BASELINE, BUFFER_FIRST_NODE };

static bool is_last(const struct reduce_args *args)
{
    return args->span.first + args->span.count == args->nodes->n_outer;
}

static void poison(const struct reduce_args *args, void *to)
{
    if (is_last(args))
        run_status_poison(to);
    else
        run_status_poison_doubles(to);
}

void reduce_cpu(void *buffers[], void *cl_arg)
{
    struct reduce_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    const float *sums[DATA_LIST_MOST];
    void *to = (void *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_TO]);
    bool whole =
        !run_status_failed(args.status) && (args.from == NULL || !run_status_poisoned_doubles(args.from));
    for (size_t k = 0; whole && k < args.nodes->n_nodes; k++) {
        sums[k] = (const float *)STARPU_MATRIX_GET_PTR(buffers[BUFFER_FIRST_NODE + k]);
        whole = !run_status_poisoned(sums[k]);
    }
    if (!whole) {
        poison(&args, to);
        return;
    }
    const struct score_tile tile = {.kind = args.kind,
                                    .nodes = args.nodes,
                                    .n_test = args.n_test,
                                    .folds = args.span,
                                    .sums = sums,
                                    .baseline =
                                        (const float *)STARPU_MATRIX_GET_PTR(buffers[BUFFER_BASELINE]),
                                    .columns = args.columns};
    score_nodes_columns(&tile, args.from, is_last(&args) ? NULL : to, is_last(&args) ? to : NULL);
    if (is_last(&args) && !run_status_finite(args.status, to, args.columns))
        poison(&args, to);
    atomic_fetch_add(args.n_reduced, 1);
}

static struct starpu_codelet reduce_cl = {
    .cpu_funcs = {reduce_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "reduce",
};

int reduce_submit(const struct reduce_args *args, const struct reduce_data *data, int priority,
                  struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, data->to, STARPU_W);
    data_list_add(&list, data->baseline, STARPU_R);
    for (size_t k = 0; k < args->nodes->n_nodes; k++)
        data_list_add(&list, data->sums[k], STARPU_R);
    if (data->from != NULL)
        data_list_add(&list, data->from, STARPU_R);
    int code = starpu_task_insert(&reduce_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count, STARPU_VALUE,
                                  args, sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "reduce", err);
}
