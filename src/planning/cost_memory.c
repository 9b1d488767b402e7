#include "planning/cost_memory.h"

#include "model/eigen/tridiagonal.h"
#include "model/kinship/gram.h"
#include "model/ridge/fold_sizes.h"
#include "model/ridge/observed.h"
#include "model/ridge/operators.h"
#include "model/ridge/penalty_sketch.h"
#include "model/ridge/ridge.h"
#include "model/ridge/svd.h"
#include "model/stats/null_maxima.h"
#include "planning/buffers.h"
#include "planning/cost_orbits.h"
#include "planning/cost_passes.h"
#include "planning/cost_placement.h"

#include <math.h>

/* Resident memory beyond the arrays below, measured on Debian 12: the program with its libraries, OpenBLAS's
 * buffer for each worker, and what MPI adds to a rank. Pages that processes share count once. */
static const double process_bytes = 18e6, worker_bytes = 3e6, mpi_bytes = 2e6;

static const double d = sizeof(double), f = sizeof(float);

/* Bytes that a rank has for itself in each phase: K is summed, the SVD computed, operators built,
 * permutations computed. */
struct phases {
    double gram, svd, setup, permutations;
};

/* Of one outer fold, in elements. */
static double fold_elements(const struct cost_shape *s)
{
    struct fold_sizes sizes = fold_sizes_equal(s->n, s->n_outer, s->n_inner);
    return fold_sizes_elements(&sizes);
}

double cost_memory_node(const struct cost_shape *s)
{
    return (s->n * s->n + cost_placement_folds(s) * fold_elements(s)) * f;
}

/* K of a chunk; SNP tiles; for each worker the calls of a tile. */
static double gram_bytes(const struct cost_shape *s)
{
    return s->n * s->n * d +
           s->n * GRAM_SNP_TILE *
               ((s->workers_per_rank + BUFFERS_SPARE_SNP_TILES) * (s->gram_is_single ? f : d) +
                s->workers_per_rank) +
           (s->gram_is_single ? s->workers_per_rank * GRAM_SUBJECT_TILE * GRAM_SUBJECT_TILE * f : 0);
}

static size_t penalties_at_once(const struct cost_shape *s, double penalties, double columns)
{
    return operators_at_once((size_t)s->n, (size_t)columns, (size_t)s->workers_per_rank, (size_t)penalties);
}

/* P, and P times so many columns, for as many penalties as are built at the same time. */
static double slot_bytes(const struct cost_shape *s, double penalties, double columns)
{
    return (double)penalties_at_once(s, penalties, columns) * s->n * (s->n + columns) * d;
}

/* What a worker needs for one task at a time: a strip of P, or a fold's operators and its targets. */
static double workspace_bytes(const struct cost_shape *s)
{
    double slice = fmin(s->n_targets, RIDGE_TILE_COLUMNS), r = cost_probes(s);
    double n_o = s->n / s->n_outer, n_b = (s->n - n_o) / s->n_inner;
    double rows = n_o + fmax(n_b, n_o + s->n_covariates + 1);
    double scratch = fmax(rows * slice, (n_o + n_b + r) * r);
    double strip = s->n * s->n / (double)operators_parts((size_t)s->n);
    return fmax(strip, fold_elements(s) + scratch) * d;
}

/* With the targets, or without them (the pass over nodes; a resume), whichever is more. */
static double build_bytes(const struct cost_shape *s)
{
    double penalties = cost_part_of(s, cost_penalties_per_machine(s), s->n_outer).penalties;
    double nodes = cost_part_of(s, cost_nodes_per_machine(s), s->n_outer).penalties;
    double with = slot_bytes(s, penalties, s->n_targets + cost_probes(s)), without = slot_bytes(s, nodes, 0);
    double forms = 0, workspace = workspace_bytes(s);
    if (s->orbits.n_shifts > 0) {
        forms = cost_orbits_setup_bytes(s, penalties_at_once(s, nodes, 0));
        workspace = fmax(workspace, cost_orbits_workspace_bytes(s));
    }
    return fmax(with, without) + s->workers_per_rank * workspace + forms;
}

/* Observed scores in double, residuals that predictions are made of, and sketches where nodes are chosen. */
static double scores_bytes(const struct cost_shape *s)
{
    double sketches =
        s->chooses_nodes ? penalty_sketch_bytes((size_t)s->n, (size_t)s->n_penalties, (size_t)s->n_outer) : 0;
    return observed_bytes(s->n_targets, s->n_penalties, s->n_outer, s->n_covariates, s->fills_values) +
           sketches + (s->keeps_predictions ? s->n_penalties * s->n * s->n_targets * d : 0);
}

/* Column tiles and their sums, a workspace for each worker, blocks of scores. */
static double permutation_bytes(const struct cost_shape *s)
{
    if (s->orbits.n_shifts > 0)
        return cost_orbits_permutation_bytes(s);
    double n_o = s->n / s->n_outer, n_b = (s->n - n_o) / s->n_inner, columns = cost_tile_columns(s);
    double tile = (s->n + cost_placement_folds(s) * (2 * s->n_nodes + 1)) * columns * f;
    double workspace = (s->n + fmax(n_o + n_b, s->n_covariates + 1)) * columns * f;
    double units = ceil(cost_units(s) / cost_blocks(s));
    const double piece = 11e3; /* what StarPU has for each tile of a block: measured (bench/NOTES.md) */
    double block = units * cost_unit_tiles(s) * (columns * f + piece) + cost_passes_block_bytes(s, units);
    return (s->workers_per_rank + BUFFERS_SPARE_COLUMN_TILES) * tile + s->workers_per_rank * workspace +
           BUFFERS_BLOCKS * block;
}

/* The unit, what is taken of it, and what the report draws: the maxima, and scores of up to 24 targets
 * (report/null_sketch.h). */
double cost_memory_counting(double n_permutations, double unit_floats, double at_once)
{
    const double spreads = 24.0 * 8192 * sizeof(uint32_t);
    return (unit_floats + at_once) * f + null_maxima_bytes(n_permutations) + spreads;
}

/* At the end, when what permutations were computed with is gone. */
static double counting_bytes(const struct cost_shape *s)
{
    const double most_rows = 256, most_floats = 1 << 20; /* as run/report_rows.c reads them */
    if (s->orbits.n_shifts > 0)
        return cost_orbits_counting_bytes(s);
    return cost_memory_counting(s->n_permutations, cost_unit_tiles(s) * cost_tile_columns(s),
                                fmax(fmin(most_rows * s->n_targets, most_floats), s->n_targets));
}

static struct phases rank_phases(const struct cost_shape *s, bool is_first)
{
    double square = s->n * s->n * d, matrix = s->n * s->n_targets * d;
    double process = process_bytes + s->workers_per_rank * worker_bytes;
    if (s->n_machines * s->ranks_per_machine > 1)
        process += mpi_bytes;
    double k = is_first ? square : 0, table = is_first ? matrix : 0;
    double kept = is_first && cost_passes_count(s) > 1 ? square : 0; /* singular vectors, for the next pass */
    return (struct phases){
        /* the targets as read; after K, their residuals too; on a resume also the campaign's copy */
        .gram = process + k + fmax(gram_bytes(s) + table, 3 * table),
        /* K rotated, the vectors, and what the tridiagonal matrix takes */
        .svd = process + k + table + (is_first ? 2 * square + tridiagonal_workspace((size_t)s->n) * d : 0),
        .setup = process + k + table + build_bytes(s) + scores_bytes(s),
        .permutations = process + kept + fmax(permutation_bytes(s), is_first ? counting_bytes(s) : 0),
    };
}

/* What the ranks of a machine do before the permutations: read genotypes, build operators. The rest of them
 * wait. */
struct machine {
    bool has_first;                  /* rank 0 is here */
    double ranks, readers, builders; /* rank 0 included */
};

/* The largest memory of a machine over all phases. While operators are built it also has the singular
 * vectors. */
static double machine_peak(const struct cost *cost, const struct cost_shape *s, const struct machine *machine,
                           double *first_rank)
{
    double first_one = machine->has_first ? 1 : 0, others = machine->ranks - first_one;
    double readers = machine->readers - first_one, builders = machine->builders - first_one;
    struct phases first = rank_phases(s, true), other = rank_phases(s, false);
    other.setup -= (1 - 1 / cost_builders(s)) * scores_bytes(s); /* pages that it fills */
    double idle = other.gram - gram_bytes(s), targets = cost->shared_bytes - cost->held_bytes;
    double gram = first_one * first.gram + readers * other.gram + (others - readers) * idle;
    double svd = first_one * first.svd + others * other.svd;
    double setup = first_one * first.setup + builders * other.setup + (others - builders) * idle;
    double permutations = first_one * first.permutations + others * other.permutations;
    if (first_rank != NULL)
        *first_rank = fmax(fmax(first.gram, first.svd), fmax(first.setup, first.permutations));
    setup += cost->shared_bytes + s->n * s->n * d;
    if (!machine->has_first || machine->builders > 1) /* rank 0 has the residuals in double for itself */
        setup += s->n * s->n_targets * d;
    return fmax(fmax(gram, svd + targets), fmax(setup, permutations + cost->shared_bytes));
}

/* The singular vectors; beside them what the SVD needs, then targets and operators or forms. */
static double window_peak(const struct cost *cost, const struct cost_shape *s)
{
    if (cost_ranks_per_machine(s) <= 1)
        return 0;
    size_t n = (size_t)s->n, c = (size_t)s->n_covariates;
    return (double)svd_storage(n, c) * d + fmax((double)svd_reduction_storage(n, c) * d, cost->shared_bytes);
}

void cost_memory_fill(struct cost *cost, const struct cost_shape *s)
{
    cost->window_bytes = window_peak(cost, s);
    double ranks = cost_ranks_per_machine(s), machines = cost_machines(s);
    double readers = cost_readers(s);
    struct machine fullest = {true, ranks, fmin(ranks, ceil(readers / machines)), cost_builders(s)};
    cost->machine_bytes = machine_peak(cost, s, &fullest, &cost->rank_bytes);
    /* Where every rank counts as a machine: the others on the same computer as rank 0. */
    double beside = s->ranks_per_machine / ranks - 1;
    double busy = fmin(beside, fmax(fmax(readers, s->n_penalties), cost_svd_machines(s)) - 1);
    struct machine other = {false, 1, 1, 1}, idle = {false, 1, 0, 0};
    if (busy > 0)
        cost->machine_bytes += busy * machine_peak(cost, s, &other, NULL);
    if (beside > busy)
        cost->machine_bytes += (beside - busy) * machine_peak(cost, s, &idle, NULL);
}
