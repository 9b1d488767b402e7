#include "codelets/load_sums.h"

static void load_sums_cpu(void *buffers[], void *cl_arg)
{
    struct load_sums_args args;
    struct error err = {0};
    (void)buffers;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (!run_status_failed(args.status) &&
        campaign_units_load(args.units, args.first_unit, args.n_units, args.rows, args.state, &err) != 0)
        run_status_fail(args.status, &err);
}

static struct starpu_codelet load_sums_cl = {
    .cpu_funcs = {load_sums_cpu},
    .nbuffers = 2,
    .modes = {STARPU_RW, STARPU_W},
    .name = "load_sums",
};

int load_sums_submit(const struct load_sums_args *args, starpu_data_handle_t block, starpu_data_handle_t file,
                     int priority, struct error *err)
{
    int code = starpu_task_insert(&load_sums_cl, STARPU_RW, file, STARPU_W, block, STARPU_VALUE, args,
                                  sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "load_sums", err);
}
