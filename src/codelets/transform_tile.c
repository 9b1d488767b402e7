#include "codelets/transform_tile.h"

void transform_tile_cpu(void *buffers[], void *cl_arg)
{
    struct transform_tile_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    *args.n_pairs = orbit_maxima_pairs(args.tile->n_rows);
    orbit_maxima_spectra(args.engine, (const float *)STARPU_MATRIX_GET_PTR(buffers[0]), args.tile->n_rows,
                         (float *)STARPU_VECTOR_GET_PTR(buffers[1]),
                         (float *)STARPU_VECTOR_GET_PTR(buffers[2]));
}

static struct starpu_codelet transform_tile_cl = {
    .cpu_funcs = {transform_tile_cpu},
    .nbuffers = 3,
    .modes = {STARPU_R, STARPU_SCRATCH, STARPU_W},
    .name = "transform_tile",
};

int transform_tile_submit(const struct transform_tile_args *args, starpu_data_handle_t rounded,
                          starpu_data_handle_t workspace, starpu_data_handle_t spectra, struct error *err)
{
    int code = starpu_task_insert(&transform_tile_cl, STARPU_R, rounded, STARPU_SCRATCH, workspace, STARPU_W,
                                  spectra, STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "transform_tile", err);
}
