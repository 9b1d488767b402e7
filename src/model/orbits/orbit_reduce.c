#include "model/orbits/orbit_reduce.h"

#include "model/orbits/orbit_tolerance.h"

#include <stdbool.h>
#include <stdint.h>

/* As many as a grid of penalties has, and more than nodes are chosen. */
enum { MOST_NODES = 1024 };

/* A group under way. */
struct group {
    const struct orbit_reduce *reduce;
    struct orbit_score score;
    const size_t *target;
    bool measures; /* any lane is in the identity's orbit */
    float *values; /* the fold's forms, S x 16 each */
    struct orbit_sums sums;
    double *workspace, *baseline_rms, *error_rms; /* 16; n_nodes x 16 */
    struct orbit_spread spread;
    struct orbit_noise noise[ORBIT_LANES];
};

static struct orbit_score score_of(const struct orbit_reduce *reduce)
{
    return (struct orbit_score){.kind = reduce->kind,
                                .nodes = reduce->nodes,
                                .n_shifts = reduce->engine->scheme->choice.n_shifts,
                                .lanes = ORBIT_LANES};
}

static size_t group_columns(const struct orbit_reduce *reduce)
{
    return reduce->engine->scheme->choice.n_shifts * ORBIT_LANES;
}

/* The transforms' own; the fold's values; two running sums. */
size_t orbit_reduce_floats(const struct orbit_reduce *reduce)
{
    return orbit_tile_workspace(reduce->engine, reduce->forms->count, 1) +
           (form_order_of_fold(reduce->nodes->n_nodes) + 2) * group_columns(reduce);
}

/* The steps' own; root mean squares; spread. */
size_t orbit_reduce_doubles(const struct orbit_reduce *reduce)
{
    struct orbit_score score = score_of(reduce);
    return orbit_tolerance_workspace(&score) + (reduce->nodes->n_nodes + 2) * ORBIT_LANES +
           group_columns(reduce);
}

static void group_init(struct group *group, const struct orbit_reduce *reduce, const size_t *target,
                       const struct orbit_reduce_workspace *workspace)
{
    float *floats = workspace->floats;
    double *doubles = workspace->doubles;
    size_t columns = group_columns(reduce), n_nodes = reduce->nodes->n_nodes;
    *group = (struct group){.reduce = reduce, .score = score_of(reduce), .target = target};
    for (size_t lane = 0; lane < ORBIT_LANES; lane++)
        group->measures = group->measures || target[lane] != ORBIT_REDUCE_NO_TARGET;
    group->sums = (struct orbit_sums){floats, floats + columns};
    group->values = floats + 2 * columns;
    group->baseline_rms = doubles;
    group->error_rms = doubles + ORBIT_LANES;
    group->spread.baseline = group->error_rms + n_nodes * ORBIT_LANES;
    group->spread.spread = group->spread.baseline + ORBIT_LANES;
    group->workspace = group->spread.spread + columns;
}

/* Compares one form of the identity's orbit with what is known in double of the data as they are. exact: T.
 */
static void measure_form(struct group *group, const float *row, const double *rms, const double *exact)
{
    size_t identity = group->reduce->engine->scheme->identity;
    for (size_t lane = 0; lane < ORBIT_LANES; lane++)
        if (group->target[lane] != ORBIT_REDUCE_NO_TARGET)
            orbit_tolerance_measure(&group->noise[lane], (double)row[identity * ORBIT_LANES + lane],
                                    exact[group->target[lane]], rms[lane]);
}

static void measure_fold(struct group *group, size_t outer_fold, const struct score_nodes_rows *rows)
{
    const struct orbit_reduce *reduce = group->reduce;
    size_t n_nodes = reduce->nodes->n_nodes;
    for (size_t k = 0; k < n_nodes; k++) {
        double *rms = group->error_rms + k * ORBIT_LANES;
        orbit_score_rms(&group->score, rows->error[k], rms);
        measure_form(group, rows->error[k], rms,
                     reduce->error + (outer_fold * n_nodes + k) * reduce->n_targets);
    }
    measure_form(group, rows->baseline, group->baseline_rms,
                 reduce->baseline + outer_fold * reduce->n_targets);
    struct orbit_rms rms = {group->error_rms, group->baseline_rms};
    orbit_tolerance_add(&group->score, outer_fold, rows, &rms, group->workspace, &group->spread);
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
    orbit_score_rms(&group->score, rows.baseline, group->baseline_rms);
    if (group->measures)
        measure_fold(group, outer_fold, &rows);
    orbit_score_add(&group->score, outer_fold, &rows, group->baseline_rms, group->workspace, &group->sums,
                    &group->sums);
}

void orbit_reduce_group(const struct orbit_reduce *reduce, const float *sums, size_t group_number,
                        const size_t *target, const struct orbit_reduce_workspace *workspace, float *scores,
                        double *tolerance)
{
    struct group group;
    size_t of_fold = form_order_of_fold(reduce->nodes->n_nodes);
    group_init(&group, reduce, target, workspace);
    float *rest = group.values + of_fold * group_columns(reduce);
    orbit_score_begin(&group.score, &group.sums);
    if (group.measures)
        orbit_tolerance_begin(&group.score, &group.spread);
    for (size_t o = 0; o < reduce->nodes->n_outer; o++) {
        struct orbit_values which = {group_number, o * of_fold, of_fold};
        orbit_tile_values(reduce->engine, reduce->forms, sums, which, rest, group.values);
        add_fold(&group, o);
    }
    orbit_score_finish(&group.score, &group.sums, scores);
    for (size_t lane = 0; lane < ORBIT_LANES; lane++)
        if (target[lane] != ORBIT_REDUCE_NO_TARGET)
            tolerance[target[lane]] = orbit_tolerance_finish(
                &group.score, lane, reduce->engine->scheme->identity,
                orbit_tolerance_kappa(&group.noise[lane]), &group.sums, &group.spread, group.workspace);
}
