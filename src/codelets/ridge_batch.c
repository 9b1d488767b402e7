#include "codelets/ridge_batch.h"

#include "codelets/data_list.h"
#include "model/ridge/score.h"

enum { BUFFER_P, BUFFER_GATHERED, BUFFER_WORKSPACE, BUFFER_SUMS, BUFFER_FIRST_FOLD };

void ridge_batch_cpu(void *buffers[], void *cl_arg)
{
    struct ridge_batch_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    float *sums = (float *)STARPU_MATRIX_GET_PTR(buffers[BUFFER_SUMS]);
    if (run_status_failed(args.status)) {
        run_status_poison(sums);
        return;
    }
    const float *fold_operators[SCORE_MAX_FOLDS];
    for (size_t o = 0; o < args.span.count; o++)
        fold_operators[o] = (const float *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_FIRST_FOLD + o]);
    struct ridge_operators operators = {
        .span = args.span,
        .p = (const float *)STARPU_MATRIX_GET_PTR(buffers[BUFFER_P]),
        .folds = fold_operators,
        .layouts = args.layouts,
    };
    ridge_tile(args.folds, &operators, (const float *)STARPU_MATRIX_GET_PTR(buffers[BUFFER_GATHERED]),
               args.columns, (float *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_WORKSPACE]), sums);
}

static struct starpu_codelet ridge_batch_cl = {
    .cpu_funcs = {ridge_batch_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "ridge_batch",
};

int ridge_batch_submit(const struct ridge_batch_args *args, const struct ridge_batch_data *data, int priority,
                       struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, data->p, STARPU_R);
    data_list_add(&list, data->gathered, STARPU_R);
    data_list_add(&list, data->workspace, STARPU_SCRATCH);
    data_list_add(&list, data->sums, STARPU_W);
    for (size_t o = 0; o < args->span.count; o++)
        data_list_add(&list, data->fold_operators[o], STARPU_R);
    int code = starpu_task_insert(&ridge_batch_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count,
                                  STARPU_VALUE, args, sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "ridge_batch", err);
}
