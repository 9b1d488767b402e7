#include "codelets/gather_targets.h"

void gather_targets_cpu(void *buffers[], void *cl_arg)
{
    struct gather_targets_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    ridge_gather(args.scheme, args.first_permutation, args.tiling, args.slice,
                 (const float *)STARPU_MATRIX_GET_PTR(buffers[0]), (float *)STARPU_MATRIX_GET_PTR(buffers[2]),
                 (uint32_t *)STARPU_VECTOR_GET_PTR(buffers[1]));
}

static struct starpu_codelet gather_targets_cl = {
    .cpu_funcs = {gather_targets_cpu},
    .nbuffers = 3,
    .modes = {STARPU_R, STARPU_SCRATCH, STARPU_W},
    .name = "gather_targets",
};

int gather_targets_submit(const struct gather_targets_args *args, starpu_data_handle_t targets,
                          starpu_data_handle_t orders, starpu_data_handle_t gathered, int priority,
                          struct error *err)
{
    int code = starpu_task_insert(&gather_targets_cl, STARPU_R, targets, STARPU_SCRATCH, orders, STARPU_W,
                                  gathered, STARPU_VALUE, args, sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "gather_targets", err);
}
