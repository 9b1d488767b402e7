#include "codelets/compute_svd.h"

void begin_svd_cpu(void *buffers[], void *cl_arg)
{
    (void)buffers;
    struct compute_svd_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    struct error err = {0};
    if (svd_begin(args.svd, args.gram, args.covariates, args.reduction, &err) != 0)
        run_status_fail(args.status, &err);
}

void compute_svd_cpu(void *buffers[], void *cl_arg)
{
    (void)buffers;
    struct compute_svd_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    struct error err = {0};
    if (svd_solve(args.svd, args.reduction, &err) != 0 ||
        svd_check_penalties(args.svd, args.smallest_penalty, args.largest_penalty, &err) != 0)
        run_status_fail(args.status, &err);
}

static struct starpu_codelet begin_svd_cl = {
    .cpu_funcs = {begin_svd_cpu},
    .nbuffers = 1,
    .modes = {STARPU_W},
    .name = "begin_svd",
};

static struct starpu_codelet compute_svd_cl = {
    .cpu_funcs = {compute_svd_cpu},
    .nbuffers = 1,
    .modes = {STARPU_RW},
    .name = "svd",
};

int begin_svd_submit(const struct compute_svd_args *args, starpu_data_handle_t vectors, struct error *err)
{
    int code = starpu_task_insert(&begin_svd_cl, STARPU_W, vectors, STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "begin_svd", err);
}

int compute_svd_submit(const struct compute_svd_args *args, starpu_data_handle_t vectors, struct error *err)
{
    int code = starpu_task_insert(&compute_svd_cl, STARPU_RW, vectors, STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "svd", err);
}
