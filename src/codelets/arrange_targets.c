#include "codelets/arrange_targets.h"

#include "model/orbits/orbit_tile.h"

enum { BUFFER_TARGETS, BUFFER_ORDERS, BUFFER_WORKSPACE, BUFFER_SPECTRA };

size_t arrange_targets_workspace(const struct orbit_engine *engine, size_t columns)
{
    return orbit_tile_workspace(engine, 0, 1) + engine->scheme->n * columns;
}

static void arrange_targets_cpu(void *buffers[], void *cl_arg)
{
    struct arrange_targets_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    size_t columns = orbit_tiling_columns(args.tiling, &args.span);
    float *workspace = (float *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_WORKSPACE]);
    float *arranged = workspace + orbit_tile_workspace(args.engine, 0, 1);
    orbit_tiling_gather(args.tiling, args.engine->scheme, &args.span,
                        (const float *)STARPU_MATRIX_GET_PTR(buffers[BUFFER_TARGETS]), arranged,
                        (uint32_t *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_ORDERS]));
    orbit_tile_spectra(args.engine, arranged, columns, columns, workspace,
                       (float *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_SPECTRA]));
}

static struct starpu_codelet arrange_targets_cl = {
    .cpu_funcs = {arrange_targets_cpu},
    .nbuffers = 4,
    .modes = {STARPU_R, STARPU_SCRATCH, STARPU_SCRATCH, STARPU_W},
    .name = "arrange_targets",
};

int arrange_targets_submit(const struct arrange_targets_args *args, starpu_data_handle_t targets,
                           starpu_data_handle_t orders, starpu_data_handle_t workspace,
                           starpu_data_handle_t spectra, int priority, struct error *err)
{
    int code = starpu_task_insert(&arrange_targets_cl, STARPU_R, targets, STARPU_SCRATCH, orders,
                                  STARPU_SCRATCH, workspace, STARPU_W, spectra, STARPU_VALUE, args,
                                  sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "arrange_targets", err);
}
