#include "planning/cost.h"

#include "model/kinship/gram.h"
#include "model/ridge/fold_sizes.h"
#include "model/ridge/operators.h"
#include "model/ridge/penalty_sketch.h"
#include "model/ridge/ridge.h"
#include "model/ridge/svd.h"
#include "planning/cost_memory.h"
#include "planning/cost_orbits.h"
#include "planning/cost_passes.h"
#include "planning/cost_placement.h"
#include "planning/unit_blocks.h"

#include <math.h>
#include <stdio.h>

double cost_machines(const struct cost_shape *s)
{
    return s->shared_memory ? s->n_machines : s->n_machines * s->ranks_per_machine;
}

double cost_ranks_per_machine(const struct cost_shape *s)
{
    return s->shared_memory ? s->ranks_per_machine : 1;
}

static double n_ranks(const struct cost_shape *s)
{
    return s->n_machines * s->ranks_per_machine;
}

double cost_tile_columns(const struct cost_shape *s)
{
    struct ridge_tiling tiling = ridge_tiling_of((size_t)s->n_targets);
    return (double)ridge_tiling_most_columns(&tiling);
}

double cost_unit_tiles(const struct cost_shape *s)
{
    return (double)ridge_tiling_of((size_t)s->n_targets).n_slices;
}

double cost_units(const struct cost_shape *s)
{
    if (s->orbits.n_shifts > 0)
        return cost_orbits_units(s);
    return ceil(s->n_permutations / (double)ridge_tiling_of((size_t)s->n_targets).unit_permutations);
}

static double unit_permutations(const struct cost_shape *s)
{
    if (s->orbits.n_shifts > 0)
        return cost_orbits_unit_permutations(s);
    return (double)ridge_tiling_of((size_t)s->n_targets).unit_permutations;
}

static double unit_flops(const struct cost_shape *s)
{
    double unit_columns = cost_tile_columns(s) * cost_unit_tiles(s);
    return unit_columns * s->n_nodes * cost_pass_flops(s);
}

double cost_blocks(const struct cost_shape *s)
{
    bool orbits = s->orbits.n_shifts > 0;
    int64_t tiles = (int64_t)(orbits ? cost_orbits_unit_groups(s) : cost_unit_tiles(s));
    int64_t most = unit_blocks_most(orbits ? cost_orbits_unit_flops(s) : unit_flops(s), tiles, cost_units(s),
                                    s->workers_per_rank, n_ranks(s));
    most = unit_blocks_asked((int64_t)s->block_permutations, unit_permutations(s), tiles, most);
    return (double)unit_blocks_count((int64_t)cost_units(s), most, (int64_t)n_ranks(s));
}

double cost_product_flops(const struct cost_shape *s)
{
    return 2 * s->n * s->n;
}

double cost_fold_flops(const struct cost_shape *s)
{
    struct fold_sizes sizes = fold_sizes_equal(s->n, s->n_outer, s->n_inner);
    return s->n_outer * fold_sizes_column_flops(&sizes);
}

double cost_pass_flops(const struct cost_shape *s)
{
    return cost_product_flops(s) + cost_fold_flops(s) * cost_placement_folds(s) / s->n_outer;
}

/* Tiles of the lower triangle; those on the diagonal are computed whole. */
double cost_p_flops(const struct cost_shape *s)
{
    return s->n * s->n * (s->n - s->n_covariates) * (1 + 1 / (double)operators_parts((size_t)s->n));
}

double cost_fold_operator_flops(const struct cost_shape *s)
{
    struct fold_sizes sizes = fold_sizes_equal(s->n, s->n_outer, s->n_inner);
    return s->n_outer * fold_sizes_build_flops(&sizes);
}

double cost_probes(const struct cost_shape *s)
{
    return s->chooses_nodes
               ? (double)penalty_sketch_probes((size_t)s->n, (size_t)s->n_penalties, (size_t)s->n_outer)
               : 0;
}

/* What the folds do with the probes, and the products of the results with each other. */
double cost_sketch_flops(const struct cost_shape *s)
{
    double r = cost_probes(s);
    return r * cost_fold_flops(s) + s->n_outer * s->n * r * r;
}

/* Observed scores and sketches of one penalty. */
static double observed_flops(const struct cost_shape *s)
{
    return cost_product_flops(s) * (s->n_targets + cost_probes(s)) + cost_fold_flops(s) * s->n_targets +
           cost_sketch_flops(s);
}

/* Where nodes are chosen, a second pass over them builds their operators. */
static double operator_flops(const struct cost_shape *s)
{
    double build = cost_p_flops(s) + cost_fold_operator_flops(s);
    return s->n_penalties * (build + observed_flops(s)) + (s->chooses_nodes ? s->n_nodes * build : 0);
}

double cost_svd_bytes(const struct cost_shape *s)
{
    double covariates = fmin(s->n_covariates, s->n); /* a made-up shape may have more */
    return (double)svd_storage((size_t)s->n, (size_t)covariates) * sizeof(double);
}

double cost_readers(const struct cost_shape *s)
{
    return (double)gram_readers((size_t)n_ranks(s));
}

double cost_chunks_per_rank(const struct cost_shape *s)
{
    return ceil(GRAM_CHUNKS / cost_readers(s));
}

/* Readers are dealt over the machines in turn: chunk c is read on machine (c % readers) % machines. */
double cost_chunks_sent(const struct cost_shape *s)
{
    double readers = cost_readers(s), sent = 0;
    for (int chunk = 0; chunk < GRAM_CHUNKS; chunk++)
        sent += fmod(fmod(chunk, readers), cost_machines(s)) > 0;
    return sent;
}

/* Penalties are dealt over the machines in turn (planning/placement.h). */
double cost_builder_machines(const struct cost_shape *s)
{
    return fmin(s->n_penalties, cost_machines(s));
}

double cost_svd_machines(const struct cost_shape *s)
{
    return s->placement == PLACEMENT_BY_FOLD ? cost_machines(s) : cost_builder_machines(s);
}

/* Forms that every machine holds are all built by rank 0's, which makes the observed scores with them where
 * every penalty is a node. */
static bool first_builds_all(const struct cost_shape *s)
{
    return s->orbits.n_shifts > 0 && s->placement == PLACEMENT_REPLICATE;
}

double cost_penalties_per_machine(const struct cost_shape *s)
{
    if (first_builds_all(s) && !s->chooses_nodes)
        return s->n_penalties;
    return ceil(s->n_penalties / cost_builder_machines(s));
}

double cost_nodes_per_machine(const struct cost_shape *s)
{
    if (first_builds_all(s) || s->placement == PLACEMENT_BY_FOLD)
        return s->n_nodes;
    return ceil(s->n_nodes / fmin(s->n_nodes, cost_machines(s)));
}

double cost_builders(const struct cost_shape *s)
{
    return fmax(fmin(s->n_builders, cost_ranks_per_machine(s)), 1);
}

struct cost_part cost_part_of(const struct cost_shape *s, double penalties, double folds)
{
    struct cost_part busiest = {0};
    int n_builders = (int)cost_builders(s);
    for (int k = 0; k < n_builders; k++) {
        struct fold_span pairs = placement_cut((size_t)(penalties * folds), n_builders, k);
        double first = floor((double)pairs.first / folds);
        double end = ceil((double)(pairs.first + pairs.count) / folds);
        busiest.pairs = fmax(busiest.pairs, (double)pairs.count);
        busiest.penalties = fmax(busiest.penalties, pairs.count > 0 ? end - first : 0);
    }
    return busiest;
}

void cost_fit_builders(struct cost_shape *s, double memory_bytes)
{
    double pairs = fmax(cost_penalties_per_machine(s) * s->n_outer, s->n_nodes * cost_placement_folds(s));
    s->n_builders = fmin(cost_ranks_per_machine(s), pairs);
    while (s->n_builders > 1 && cost_of(s).machine_bytes > memory_bytes)
        s->n_builders--;
}

double cost_operator_builds(const struct cost_shape *s)
{
    double passes = cost_passes_count(s);
    return passes > 1 ? 2 * passes : 1;
}

/* Operators go from their builders to all other machines, forms from rank 0's, in every pass, unless each
 * machine builds its own. */
static double operators_sent(const struct cost_shape *s, double node_bytes)
{
    double others = s->placement == PLACEMENT_REPLICATE ? cost_machines(s) - 1 : 0;
    if (s->orbits.n_shifts == 0)
        return others * cost_operator_builds(s) * s->n_nodes * node_bytes;
    return others * cost_passes_count(s) * cost_orbits_bytes(s);
}

/* Of one penalty. */
static double sketch_bytes(const struct cost_shape *s)
{
    return s->chooses_nodes
               ? penalty_sketch_penalty_bytes((size_t)s->n, (size_t)s->n_penalties, (size_t)s->n_outer)
               : 0;
}

static struct cost_traffic traffic_of(const struct cost_shape *s, double node_bytes)
{
    const double d = sizeof(double), f = sizeof(float);
    double machines = cost_machines(s), square = s->n * s->n * d, parts = (double)gram_parts((size_t)s->n);
    struct cost_traffic traffic = {
        .gram = cost_chunks_sent(s) * square * (parts + 1) / (2 * parts),
        .targets = (machines - 1) * s->n * s->n_targets * (d + f),
        .svd = (cost_svd_machines(s) - 1) * cost_svd_bytes(s),
        .operators = operators_sent(s, node_bytes),
        .observed = (s->n_penalties - cost_penalties_per_machine(s)) *
                    (4 * s->n_outer * s->n_targets * d + sketch_bytes(s)),
        .sums = cost_placement_sums(s) * cost_placement_chains(s) * (cost_placement_links(s) - 1),
    };
    traffic.total =
        traffic.gram + traffic.targets + traffic.svd + traffic.operators + traffic.observed + traffic.sums;
    return traffic;
}

/* What there is of each person and target: observed and predicted, and a line of the table. */
static void add_predictions(struct cost *cost, const struct cost_shape *s)
{
    const double line_bytes = 50;
    if (!s->keeps_predictions)
        return;
    cost->campaign_bytes += 2 * s->n * s->n_targets * sizeof(float);
    cost->predictions_bytes = line_bytes * s->n * s->n_targets;
}

struct cost cost_of(const struct cost_shape *s)
{
    double node_bytes = cost_memory_node(s);
    struct cost cost = {
        .gram_flops = s->n * s->n * s->n_snps,
        .svd_flops = 9 * s->n * s->n * s->n,
        .operator_flops = operator_flops(s),
        .permutation_flops =
            s->n_permutations * s->n_targets * s->n_nodes *
            (cost_passes_count(s) * cost_placement_links(s) * cost_product_flops(s) + cost_fold_flops(s)),
        .held_bytes = s->n_nodes * node_bytes,
        .traffic = traffic_of(s, node_bytes),
        .campaign_bytes = s->n * s->n * sizeof(double) + s->n * s->n_targets * sizeof(double) +
                          s->n_permutations * s->n_targets * sizeof(float),
        .sums_bytes = cost_passes_file_bytes(s),
    };
    if (s->orbits.n_shifts > 0) {
        double made = cost_orbits_count(s) * s->orbits.n_shifts;
        cost.held_bytes = cost_orbits_bytes(s);
        cost.operator_flops += cost_orbits_setup(s);
        cost.permutation_flops = cost_orbits_permutations(s);
        cost.campaign_bytes +=
            (made - s->n_permutations) * s->n_targets * sizeof(float) + cost_orbits_error_bytes(s);
    }
    cost.shared_bytes = cost.held_bytes + s->n * s->n_targets * sizeof(float);
    add_predictions(&cost, s);
    cost_memory_fill(&cost, s);
    return cost;
}

const char *cost_bytes_text(double bytes, char *text)
{
    if (bytes < 1e9)
        snprintf(text, COST_TEXT_BYTES, "%.0f MB", ceil(bytes / 1e6));
    else if (bytes < 1e13)
        snprintf(text, COST_TEXT_BYTES, "%.1f GB", bytes / 1e9);
    else
        snprintf(text, COST_TEXT_BYTES, "%.1f TB", bytes / 1e12);
    return text;
}

const char *cost_limit_text(double bytes, char *text)
{
    static const struct {
        double bytes;
        const char *unit;
    } units[] = {{1099511627776.0, "T"}, {1073741824.0, "G"}, {1048576.0, "M"}};
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        double tenths = bytes / units[k].bytes * 10;
        if (tenths >= 10 && floor(tenths) >= tenths) {
            snprintf(text, COST_TEXT_BYTES, "%.10g%s", tenths / 10, units[k].unit);
            return text;
        }
    }
    return cost_bytes_text(bytes, text);
}
