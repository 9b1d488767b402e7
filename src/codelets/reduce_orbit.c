#include "codelets/reduce_orbit.h"

#include "codelets/data_list.h"

#include <math.h>

enum { BUFFER_FLOATS, BUFFER_DOUBLES };

size_t reduce_orbit_workspace(const struct orbit_reduce *reduce)
{
    return orbit_reduce_floats(reduce);
}

static size_t row_floats(const struct reduce_orbit_args *args)
{
    size_t n_shifts = args->tiling->n_shifts;
    return orbit_reduce_is_last(args->reduce) ? n_shifts
                                              : orbit_reduce_sum_floats(args->reduce->kind, n_shifts);
}

static size_t state_doubles(const struct reduce_orbit_args *args)
{
    return orbit_reduce_is_last(args->reduce) ? 1 : orbit_reduce_state_doubles(args->tiling->n_shifts);
}

/* The place of a row of the group in the identity's orbit, which is its target's number where it has one;
 * false when it stands in another orbit. */
static bool find_place(const struct reduce_orbit_args *args, size_t row, size_t *place)
{
    const struct orbit_tiling *tiling = args->tiling;
    size_t rows = orbit_tiling_unit_rows(tiling), in_tile = args->group * ORBIT_LANES + row;
    uint64_t unit = args->span.first_unit + in_tile / rows;
    *place = (size_t)unit * tiling->slice_targets + in_tile % rows;
    return unit < tiling->n_slices && in_tile % rows < tiling->slice_targets;
}

/* Which of the group's rows are columns of the tile, their targets, and where their states stand. */
static void find_columns(const struct reduce_orbit_args *args, struct orbit_reduce_group *group)
{
    size_t columns = orbit_tiling_columns(args->tiling, &args->span), first = args->group * ORBIT_LANES;
    size_t left = columns > first ? columns - first : 0, place;
    size_t from_each = orbit_reduce_state_doubles(args->tiling->n_shifts), each = state_doubles(args);
    group->count = left < ORBIT_LANES ? left : ORBIT_LANES;
    for (size_t lane = 0; lane < ORBIT_LANES; lane++) {
        group->target[lane] = 0;
        group->measures[lane] = lane < group->count && find_place(args, lane, &place);
        if (lane < group->count)
            group->target[lane] = orbit_tiling_column(args->tiling, &args->span, first + lane).target;
        if (!group->measures[lane])
            continue;
        size_t k = place - args->first_state;
        group->state[lane] = args->state + k * each;
        group->from_state[lane] = args->from_state != NULL ? args->from_state + k * from_each : NULL;
    }
}

static void clear_rest(const struct reduce_orbit_args *args, size_t count)
{
    size_t of_row = row_floats(args), each = state_doubles(args), place;
    for (size_t row = count; row < args->n_rows; row++) {
        for (size_t s = 0; s < of_row; s++)
            args->rows[row * of_row + s] = NAN;
        if (find_place(args, row, &place))
            for (size_t k = 0; k < each; k++)
                args->state[(place - args->first_state) * each + k] = NAN;
    }
}

static void reduce_orbit_cpu(void *buffers[], void *cl_arg)
{
    struct reduce_orbit_args args;
    starpu_codelet_unpack_args(cl_arg, &args);
    if (run_status_failed(args.status) || (args.from_rows != NULL && run_status_poisoned(args.from_rows))) {
        run_status_poison(args.rows);
        return;
    }
    struct orbit_reduce_group group = {
        .number = args.group, .sums = args.sums, .from_rows = args.from_rows, .rows = args.rows};
    struct orbit_reduce_workspace workspace = {(float *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_FLOATS]),
                                               (double *)STARPU_VECTOR_GET_PTR(buffers[BUFFER_DOUBLES])};
    find_columns(&args, &group);
    if (group.count > 0)
        orbit_reduce_group(args.reduce, &group, &workspace);
    clear_rest(&args, group.count);
    if (orbit_reduce_is_last(args.reduce) &&
        !run_status_finite(args.status, args.rows, group.count * args.tiling->n_shifts))
        run_status_poison(args.rows);
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
    if (data->state != NULL)
        data_list_add(&list, data->state, STARPU_W);
    if (data->from != NULL)
        data_list_add(&list, data->from, STARPU_R);
    if (data->from_state != NULL)
        data_list_add(&list, data->from_state, STARPU_R);
    for (size_t b = 0; b < data->n_bands; b++)
        data_list_add(&list, data->bands[b], STARPU_R);
    int code = starpu_task_insert(&reduce_orbit_cl, STARPU_DATA_MODE_ARRAY, list.items, list.count,
                                  STARPU_VALUE, args, sizeof *args, STARPU_PRIORITY, priority, 0);
    return run_status_inserted(code, "reduce_orbit", err);
}
