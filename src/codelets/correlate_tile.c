#include "codelets/correlate_tile.h"

#include "model/orbits/orbit_tile.h"

void correlate_tile_cpu(void *buffers[], void *cl_arg)
{
    struct correlate_tile_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    int worker = starpu_worker_get_id();
    size_t group_floats = args.engine->scheme->choice.n_shifts * ORBIT_LANES;
    const float *columns = (const float *)STARPU_VECTOR_GET_PTR(buffers[1]);
    float *largest = args.largest[worker > 0 ? worker : 0] + args.first_group * group_floats;
    for (size_t group = 0; group < args.n_groups; group++)
        orbit_maxima_take(args.engine, (const float *)STARPU_VECTOR_GET_PTR(buffers[0]), *args.n_pairs,
                          columns + orbit_tile_spectra_floats(args.engine, group),
                          (float *)STARPU_VECTOR_GET_PTR(buffers[2]), largest + group * group_floats);
}

static struct starpu_codelet correlate_tile_cl = {
    .cpu_funcs = {correlate_tile_cpu},
    .nbuffers = 3,
    .modes = {STARPU_R, STARPU_R, STARPU_SCRATCH},
    .name = "correlate_tile",
};

int correlate_tile_submit(const struct correlate_tile_args *args, starpu_data_handle_t snps,
                          starpu_data_handle_t columns, starpu_data_handle_t workspace, struct error *err)
{
    int code = starpu_task_insert(&correlate_tile_cl, STARPU_R, snps, STARPU_R, columns, STARPU_SCRATCH,
                                  workspace, STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "correlate_tile", err);
}
