#include "codelets/finish_svd.h"

void finish_svd_cpu(void *buffers[], void *cl_arg)
{
    (void)buffers;
    struct finish_svd_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    struct error err = {0};
    if (svd_finish_slab(args.svd, args.reduction, args.slab, &err) != 0)
        run_status_fail(args.status, &err);
}

static struct starpu_codelet finish_svd_cl = {
    .cpu_funcs = {finish_svd_cpu},
    .nbuffers = 1,
    .modes = {STARPU_RW},
    .name = "finish_svd",
};

int finish_svd_submit(const struct finish_svd_args *args, starpu_data_handle_t vectors, struct error *err)
{
    int code = starpu_task_insert(&finish_svd_cl, STARPU_RW, vectors, STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "finish_svd", err);
}
