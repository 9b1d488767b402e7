#include "codelets/reduce_maximum.h"

#include "model/orbits/orbit_tile.h"

#include <math.h>

size_t reduce_maximum_workspace(const struct orbit_engine *engine)
{
    return orbit_maxima_workspace(engine) + engine->scheme->choice.n_shifts * ORBIT_LANES;
}

/* Of all workers. */
static float *merge(const struct reduce_maximum_args *args, size_t group_floats)
{
    float *merged = args->largest[0] + args->group * group_floats;
    for (size_t w = 1; w < args->n_workers; w++) {
        const float *other = args->largest[w] + args->group * group_floats;
        for (size_t k = 0; k < group_floats; k++)
            merged[k] = other[k] > merged[k] ? other[k] : merged[k];
    }
    return merged;
}

void reduce_maximum_cpu(void *buffers[], void *cl_arg)
{
    struct reduce_maximum_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    size_t n_shifts = args.engine->scheme->choice.n_shifts;
    const float *columns = (const float *)STARPU_VECTOR_GET_PTR(buffers[0]);
    float *workspace = (float *)STARPU_VECTOR_GET_PTR(buffers[1]);
    float *length = workspace + orbit_maxima_workspace(args.engine);
    const float *largest = merge(&args, n_shifts * ORBIT_LANES);
    orbit_maxima_lengths(args.engine, args.basis, orbit_maxima_pairs(args.n_basis),
                         columns + orbit_tile_spectra_floats(args.engine, args.tile_group), workspace,
                         length);
    for (size_t row = 0; row < args.n_rows; row++) {
        float *to = args.rows + row * n_shifts;
        if (row < args.n_columns)
            orbit_maxima_finish(n_shifts, largest, length, row, to);
        else
            for (size_t s = 0; s < n_shifts; s++)
                to[s] = NAN;
    }
}

static struct starpu_codelet reduce_maximum_cl = {
    .cpu_funcs = {reduce_maximum_cpu},
    .nbuffers = 2,
    .modes = {STARPU_R, STARPU_SCRATCH},
    .name = "reduce_maximum",
};

int reduce_maximum_submit(const struct reduce_maximum_args *args, starpu_data_handle_t columns,
                          starpu_data_handle_t workspace, struct error *err)
{
    int code = starpu_task_insert(&reduce_maximum_cl, STARPU_R, columns, STARPU_SCRATCH, workspace,
                                  STARPU_VALUE, args, sizeof *args, 0);
    return run_status_inserted(code, "reduce_maximum", err);
}
