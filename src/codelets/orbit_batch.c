#include "codelets/orbit_batch.h"

enum { BUFFER_COEFFICIENTS, BUFFER_SPECTRA, BUFFER_WORKSPACE };

static void orbit_batch_cpu(void *buffers[], void *cl_arg)
{
    struct orbit_batch_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (!run_status_failed(args.status))
        orbit_tile_products(args.engine, args.forms, args.band,
                            (const float *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_SPECTRA]), args.n_groups,
                            (float *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_WORKSPACE]), args.sums);
}

static struct starpu_codelet orbit_batch_cl = {
    .cpu_funcs = {orbit_batch_cpu},
    .nbuffers = 4,
    .modes = {STARPU_R, STARPU_R, STARPU_SCRATCH, STARPU_W},
    .name = "orbit_batch",
};

int orbit_batch_submit(const struct orbit_batch_args *args, starpu_data_handle_t coefficients,
                       starpu_data_handle_t spectra, starpu_data_handle_t workspace,
                       starpu_data_handle_t sums, int priority, struct error *err)
{
    int code = starpu_task_insert(&orbit_batch_cl, STARPU_R, coefficients, STARPU_R, spectra, STARPU_SCRATCH,
                                  workspace, STARPU_W, sums, STARPU_VALUE, args, sizeof *args,
                                  STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "orbit_batch", err);
}
