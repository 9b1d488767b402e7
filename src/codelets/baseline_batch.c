#include "codelets/baseline_batch.h"

#include "model/ridge/ridge.h"

void baseline_batch_cpu(void *buffers[], void *cl_arg)
{
    struct baseline_batch_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    ridge_baseline(args.folds, args.span, args.baseline, (const float *)STARPU_MATRIX_GET_PTR(buffers[0]),
                   args.columns, (float *)STARPU_VECTOR_GET_PTR(buffers[1]),
                   (float *)STARPU_MATRIX_GET_PTR(buffers[2]));
}

static struct starpu_codelet baseline_batch_cl = {
    .cpu_funcs = {baseline_batch_cpu},
    .nbuffers = 3,
    .modes = {STARPU_R, STARPU_SCRATCH, STARPU_W},
    .name = "baseline_batch",
};

int baseline_batch_submit(const struct baseline_batch_args *args, starpu_data_handle_t gathered,
                          starpu_data_handle_t workspace, starpu_data_handle_t sums, int priority,
                          struct error *err)
{
    int code = starpu_task_insert(&baseline_batch_cl, STARPU_R, gathered, STARPU_SCRATCH, workspace, STARPU_W,
                                  sums, STARPU_VALUE, args, sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "baseline_batch", err);
}
