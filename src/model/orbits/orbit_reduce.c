#include "model/orbits/orbit_reduce.h"

#include "model/orbits/orbit_tolerance.h"

#include <stdint.h>

/* As many as a grid of penalties has, and more than nodes are chosen. */
enum { MOST_NODES = 1024 };

/* A group under way. */
struct group {
    const struct orbit_reduce *reduce;
    const struct orbit_reduce_group *of;
    struct orbit_score score;
    bool measures; /* any lane is in the identity's orbit */
    float *values; /* the fold's forms, S x 16 each */
    struct orbit_sums sums;
    double *workspace, *least;                           /* n_folds x 16 */
    double *baseline_rms, *baseline_scale, *error_scale; /* 16; 16; n_nodes x 16 */
    struct orbit_spread spread;
    struct orbit_noise noise[ORBIT_LANES];
};

/* Behind the spread over shifts. */
enum { STATE_BASELINE, STATE_SQUARES, STATE_COUNT, STATE_EXTRA };

static size_t shifts(const struct orbit_reduce *reduce)
{
    return reduce->engine->scheme->choice.n_shifts;
}

static struct orbit_score score_of(const struct orbit_reduce *reduce)
{
    return (struct orbit_score){
        .kind = reduce->kind, .nodes = reduce->nodes, .n_shifts = shifts(reduce), .lanes = ORBIT_LANES};
}

static size_t group_columns(const struct orbit_reduce *reduce)
{
    return shifts(reduce) * ORBIT_LANES;
}

bool orbit_reduce_is_last(const struct orbit_reduce *reduce)
{
    return reduce->first_fold + reduce->n_folds == reduce->nodes->n_outer;
}

size_t orbit_reduce_sum_floats(enum score_kind kind, size_t n_shifts)
{
    return kind == SCORE_POOLED_R2 ? 2 * n_shifts : n_shifts;
}

size_t orbit_reduce_state_doubles(size_t n_shifts)
{
    return n_shifts + STATE_EXTRA;
}

/* The transforms' own; the fold's values; two running sums and the scores. */
size_t orbit_reduce_floats(const struct orbit_reduce *reduce)
{
    return orbit_tile_workspace(reduce->engine, reduce->forms->count, 1) +
           (form_order_of_fold(reduce->nodes->n_nodes) + 3) * group_columns(reduce);
}

/* The steps' own; the folds' least scales; root mean squares and scales of a fold; spread. */
size_t orbit_reduce_doubles(const struct orbit_reduce *reduce)
{
    struct orbit_score score = score_of(reduce);
    return orbit_tolerance_workspace(&score) + (reduce->n_folds + reduce->nodes->n_nodes + 3) * ORBIT_LANES +
           group_columns(reduce);
}

static void group_init(struct group *group, const struct orbit_reduce *reduce,
                       const struct orbit_reduce_group *of, const struct orbit_reduce_workspace *workspace)
{
    float *floats = workspace->floats;
    double *doubles = workspace->doubles;
    size_t columns = group_columns(reduce), n_nodes = reduce->nodes->n_nodes;
    *group = (struct group){.reduce = reduce, .of = of, .score = score_of(reduce)};
    for (size_t lane = 0; lane < of->count; lane++)
        group->measures = group->measures || of->measures[lane];
    group->sums = (struct orbit_sums){floats, floats + columns};
    group->values = floats + 3 * columns;
    group->least = doubles;
    group->baseline_rms = group->least + reduce->n_folds * ORBIT_LANES;
    group->baseline_scale = group->baseline_rms + ORBIT_LANES;
    group->error_scale = group->baseline_scale + ORBIT_LANES;
    group->spread.baseline = group->error_scale + n_nodes * ORBIT_LANES;
    group->spread.spread = group->spread.baseline + ORBIT_LANES;
    group->workspace = group->spread.spread + columns;
    orbit_scale_least(&reduce->scale, (struct fold_span){reduce->first_fold, reduce->n_folds}, of->target,
                      ORBIT_LANES, group->baseline_rms, group->least);
    orbit_score_begin(&group->score, &group->sums);
    if (group->measures)
        orbit_tolerance_begin(&group->score, &group->spread);
}

/* A column's row stands by itself; of a group in work the lanes stand side by side. */
static void take_row(float *lanes, size_t lane, const float *row, size_t count)
{
    for (size_t s = 0; s < count; s++)
        lanes[s * ORBIT_LANES + lane] = row[s];
}

static void hand_row(float *row, const float *lanes, size_t lane, size_t count)
{
    for (size_t s = 0; s < count; s++)
        row[s] = lanes[s * ORBIT_LANES + lane];
}

static void take_state(struct group *group, size_t lane)
{
    size_t n_shifts = group->score.n_shifts;
    const double *state = group->of->from_state[lane], *extra = state + n_shifts;
    for (size_t s = 0; s < n_shifts; s++)
        group->spread.spread[s * ORBIT_LANES + lane] = state[s];
    group->spread.baseline[lane] = extra[STATE_BASELINE];
    group->noise[lane] = (struct orbit_noise){extra[STATE_SQUARES], extra[STATE_COUNT]};
}

static void hand_state(const struct group *group, size_t lane)
{
    size_t n_shifts = group->score.n_shifts;
    double *state = group->of->state[lane], *extra = state + n_shifts;
    for (size_t s = 0; s < n_shifts; s++)
        state[s] = group->spread.spread[s * ORBIT_LANES + lane];
    extra[STATE_BASELINE] = group->spread.baseline[lane];
    extra[STATE_SQUARES] = group->noise[lane].squares;
    extra[STATE_COUNT] = group->noise[lane].count;
}

static void take(struct group *group)
{
    size_t n_shifts = group->score.n_shifts, of_row = orbit_reduce_sum_floats(group->score.kind, n_shifts);
    for (size_t lane = 0; lane < group->of->count; lane++) {
        const float *row = group->of->from_rows + lane * of_row;
        take_row(group->sums.gain, lane, row, n_shifts);
        if (group->score.kind == SCORE_POOLED_R2)
            take_row(group->sums.baseline, lane, row + n_shifts, n_shifts);
        if (group->of->measures[lane])
            take_state(group, lane);
    }
}

static void hand_on(const struct group *group)
{
    size_t n_shifts = group->score.n_shifts, of_row = orbit_reduce_sum_floats(group->score.kind, n_shifts);
    for (size_t lane = 0; lane < group->of->count; lane++) {
        float *row = group->of->rows + lane * of_row;
        hand_row(row, group->sums.gain, lane, n_shifts);
        if (group->score.kind == SCORE_POOLED_R2)
            hand_row(row + n_shifts, group->sums.baseline, lane, n_shifts);
        if (group->of->measures[lane])
            hand_state(group, lane);
    }
}

/* Scores and tolerances, after the last fold. */
static void finish(struct group *group)
{
    float *scores = group->sums.baseline + group_columns(group->reduce);
    orbit_score_finish(&group->score, &group->sums, scores);
    for (size_t lane = 0; lane < group->of->count; lane++) {
        hand_row(group->of->rows + lane * group->score.n_shifts, scores, lane, group->score.n_shifts);
        if (group->of->measures[lane])
            *group->of->state[lane] = orbit_tolerance_finish(
                &group->score, lane, group->reduce->engine->scheme->identity,
                orbit_tolerance_kappa(&group->noise[lane]), &group->sums, &group->spread, group->workspace);
    }
}

/* Compares one form of the identity's orbit with what is known in double of the data as they are. exact: T.
 * Where the fold's baseline is 0 nothing is left to predict (baseline.c), and its errors are the rounding of
 * the forms that they were transformed with. */
static void measure_form(struct group *group, const float *row, const double *scale, double zero,
                         const double *exact)
{
    size_t identity = group->reduce->engine->scheme->identity;
    for (size_t lane = 0; lane < group->of->count; lane++)
        if (group->of->measures[lane] && group->baseline_rms[lane] > zero * group->baseline_scale[lane])
            orbit_tolerance_measure(&group->noise[lane], (double)row[identity * ORBIT_LANES + lane],
                                    exact[group->of->target[lane]], scale[lane]);
}

static void measure_fold(struct group *group, size_t outer_fold, const struct score_nodes_rows *rows,
                         const double *least)
{
    const struct orbit_reduce *reduce = group->reduce;
    size_t n_nodes = reduce->nodes->n_nodes, n_targets = reduce->scale.n_targets;
    for (size_t k = 0; k < n_nodes; k++) {
        double *scale = group->error_scale + k * ORBIT_LANES;
        orbit_score_rms(&group->score, rows->error[k], scale);
        orbit_score_scale(&group->score, scale, least, scale);
        measure_form(group, rows->error[k], scale, 0, reduce->error + (outer_fold * n_nodes + k) * n_targets);
    }
    /* a baseline that is zero under every shift is none, and its rounding says little of the others' */
    measure_form(group, rows->baseline, group->baseline_scale, ORBIT_SCORE_ZERO,
                 reduce->baseline + outer_fold * n_targets);
    struct orbit_scales scales = {group->error_scale, group->baseline_scale};
    orbit_tolerance_add(&group->score, outer_fold, rows, &scales, group->workspace, &group->spread);
}

static void add_fold(struct group *group, size_t outer_fold)
{
    size_t n_nodes = group->reduce->nodes->n_nodes, columns = group_columns(group->reduce);
    const float *criterion[MOST_NODES], *error[MOST_NODES];
    for (size_t k = 0; k < n_nodes; k++) {
        criterion[k] = group->values + k * columns;
        error[k] = criterion[k] + n_nodes * columns;
    }
    struct score_nodes_rows rows = {criterion, error, group->values + 2 * n_nodes * columns};
    const double *least = group->least + (outer_fold - group->reduce->first_fold) * ORBIT_LANES;
    orbit_score_rms(&group->score, rows.baseline, group->baseline_rms);
    orbit_score_scale(&group->score, group->baseline_rms, least, group->baseline_scale);
    if (group->measures)
        measure_fold(group, outer_fold, &rows, least);
    orbit_score_add(&group->score, outer_fold, &rows, group->baseline_scale, group->workspace, &group->sums,
                    &group->sums);
}

void orbit_reduce_group(const struct orbit_reduce *reduce, const struct orbit_reduce_group *of,
                        const struct orbit_reduce_workspace *workspace)
{
    struct group group;
    size_t of_fold = form_order_of_fold(reduce->nodes->n_nodes);
    group_init(&group, reduce, of, workspace);
    float *rest = group.values + of_fold * group_columns(reduce);
    if (reduce->first_fold > 0)
        take(&group);
    for (size_t k = 0; k < reduce->n_folds; k++) {
        struct orbit_values which = {of->number, k * of_fold, of_fold};
        orbit_tile_values(reduce->engine, reduce->forms, of->sums, which, rest, group.values);
        add_fold(&group, reduce->first_fold + k);
    }
    if (orbit_reduce_is_last(reduce))
        finish(&group);
    else
        hand_on(&group);
}
