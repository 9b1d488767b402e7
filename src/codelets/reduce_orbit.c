#include "codelets/reduce_orbit.h"

#include "codelets/data_list.h"

#include <math.h>

enum { BUFFER_FLOATS, BUFFER_DOUBLES };

/* The scores of a group are made column beside column. */
size_t reduce_orbit_workspace(const struct orbit_reduce *reduce)
{
    return orbit_reduce_floats(reduce) + reduce->engine->scheme->choice.n_shifts * ORBIT_LANES;
}

/* Which target each lane is in the identity's orbit; how many lanes are columns of the tile: none, where all
 * of the group is beyond the last target. */
static size_t find_targets(const struct reduce_orbit_args *args, size_t target[ORBIT_LANES])
{
    size_t columns = orbit_tiling_columns(args->tiling, &args->span), first = args->group * ORBIT_LANES;
    size_t left = columns > first ? columns - first : 0, count = left < ORBIT_LANES ? left : ORBIT_LANES;
    for (size_t lane = 0; lane < ORBIT_LANES; lane++) {
        struct orbit_column column = {.orbit = 1};
        if (lane < count)
            column = orbit_tiling_column(args->tiling, &args->span, first + lane);
        target[lane] = column.orbit == 0 ? column.target : ORBIT_REDUCE_NO_TARGET;
    }
    return count;
}

static void put_rows(const struct reduce_orbit_args *args, size_t count, const float *scores)
{
    size_t n_shifts = args->tiling->n_shifts;
    for (size_t row = 0; row < args->n_rows; row++)
        for (size_t s = 0; s < n_shifts; s++)
            args->rows[row * n_shifts + s] = row < count ? scores[s * ORBIT_LANES + row] : NAN;
}

static void reduce_orbit_cpu(void *buffers[], void *cl_arg)
{
    struct reduce_orbit_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status))
        return;
    size_t target[ORBIT_LANES], count = find_targets(&args, target);
    struct orbit_reduce_workspace workspace = {(float *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_FLOATS]),
                                               (double *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_DOUBLES])};
    float *scores = workspace.floats + orbit_reduce_floats(args.reduce);
    if (count > 0)
        orbit_reduce_group(args.reduce, args.sums, args.group, target, &workspace, scores, args.tolerance);
    put_rows(&args, count, scores);
    atomic_fetch_add(args.n_reduced, (long long)args.n_rows);
}

static struct starpu_codelet reduce_orbit_cl = {
    .cpu_funcs = {reduce_orbit_cpu},
    .nbuffers = STARPU_VARIABLE_NBUFFERS,
    .name = "reduce_orbit",
};

int reduce_orbit_submit(const struct reduce_orbit_args *args, const struct reduce_orbit_data *data,
                        int priority, struct error *err)
{
    struct data_list list = {.count = 0};
    data_list_add(&list, data->floats, STARPU_SCRATCH);
    data_list_add(&list, data->doubles, STARPU_SCRATCH);
    data_list_add(&list, data->rows, STARPU_W);
    for (size_t b = 0; b < data->n_bands; b++)
        data_list_add(&list, data->bands[b], STARPU_R);
    int code = starpu_task_insert(&reduce_orbit_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count,
                                  STARPU_VALUE, args, sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "reduce_orbit", err);
}
