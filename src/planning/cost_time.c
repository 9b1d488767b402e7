#include "planning/cost_time.h"

#include "model/kinship/gram.h"
#include "model/ridge/operators.h"
#include "planning/cost_orbits.h"
#include "planning/cost_passes.h"
#include "planning/cost_placement.h"

#include <math.h>
#include <stdbool.h>

/* Measured on Debian 12; together under a second unless n or T is very large. */
static const double start_s = 0.15, ranks_start_s = 0.6; /* to start StarPU; and MPI */
static const double scan_call_s = 0.6e-9;                /* to count and hash a call */
static const double relative_s = 1e-8;                   /* to look at a pair of subjects */
static const double residual_s = 4e-8;                   /* to residualise a value of a target */
static const double task_s = 1e-5;                       /* that StarPU takes for a task */

/* What forms take beside cost_orbits_setup, whose weights decide between methods and so stay what they are.
 */
static const double forms_factor = 1.65;
/* The shares of the SVD that all workers do (bench/NOTES.md): rank 0's, to a tridiagonal matrix; those of all
 * ranks of its machine, vectors back. The rest, that matrix's own vectors, is one's. */
static const double svd_forth = 0.47, svd_back = 0.37;
/* The same of the genetic components, a reduction alone, bound by memory: two workers took .58 of one's time.
 */
static const double components_shared = 0.83;

/* What workers share of work that takes one of them so many seconds. */
static double shared_s(const struct cost_shape *s, double seconds, double share)
{
    return seconds * (1 - share + share / s->workers_per_rank);
}

static double wire_s(const struct cost_network *network, double bytes, double hops)
{
    return hops * (bytes / network->bytes_per_second + network->latency_s);
}

/* How many messages one after the other a broadcast from one machine to all others takes: it is a tree. */
static double tree_hops(double machines)
{
    return ceil(log2(machines));
}

static double gram_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    double call = s->n / rates->gram + rates->standardise_s + rates->call_s;
    return s->n * s->n_snps * call / s->workers_per_rank * cost_chunks_per_rank(s) / GRAM_CHUNKS;
}

/* A pass over the penalties of the busiest machine by the busiest of its builders, with P applied to
 * `targets`, in slices, and to `probes`. At the end workers wait for the last folds. Where penalties are
 * built one at a time, they wait for each one's last slice and last folds. */
static double pass_s(const struct cost_shape *s, const struct cost_rates *rates, double penalties,
                     double targets, double probes)
{
    struct cost_part part = cost_part_of(s, penalties, s->n_outer);
    double workers = s->workers_per_rank, rate = rates->product_double, columns = targets + probes;
    double sketches = probes > 0 ? cost_sketch_flops(s) : 0;
    double product = cost_product_flops(s) * columns / rate;
    double folds = cost_fold_operator_flops(s) / rates->fold_operators +
                   (cost_fold_flops(s) * targets + sketches) / rate;
    double work = part.penalties * (cost_p_flops(s) / rate + product) + part.pairs * folds / s->n_outer;
    double slice = cost_product_flops(s) *
                   fmax(targets / fmax((double)operators_slices((size_t)targets), 1), probes) / rate;
    bool overlap =
        operators_at_once((size_t)s->n, (size_t)columns, (size_t)workers, (size_t)part.penalties) > 1;
    double last = 0.5 * folds / s->n_outer;
    return work / workers + (1 - 1 / workers) * (overlap ? last : part.penalties * (slice + last));
}

/* Forms from the SVD on, of the machine that builds most of them (with replicate rank 0's), by the busiest of
 * its builders. By fold, the pass over the penalties that also makes observed scores makes none. */
static double forms_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    double passes = cost_passes_count(s) - (s->placement == PLACEMENT_BY_FOLD || s->chooses_nodes ? 0 : 1);
    double folds = cost_placement_folds(s);
    struct cost_part part = cost_part_of(s, s->n_nodes, folds);
    double share = part.pairs / (s->n_nodes * folds) * cost_placement_share(s);
    return (forms_factor * cost_orbits_setup(s) * share / rates->product +
            passes * part.penalties * cost_p_flops(s) / rates->product_double) /
           s->workers_per_rank;
}

/* Operators of the nodes, by the busiest builder of the machine that builds most of them. The pass over the
 * penalties that makes observed scores makes those of the first pass too, unless the nodes are not known yet
 * or each machine builds its own. */
static double nodes_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    bool first_is_there = s->placement == PLACEMENT_REPLICATE && !s->chooses_nodes;
    double builds = cost_operator_builds(s) - (first_is_there ? 1 : 0), nodes = cost_nodes_per_machine(s);
    double folds = cost_placement_folds(s);
    if (builds == 1 && folds == s->n_outer)
        return pass_s(s, rates, nodes, 0, 0);
    struct cost_part part = cost_part_of(s, nodes, folds);
    return builds *
           (part.penalties * cost_p_flops(s) / rates->product_double +
            part.pairs / s->n_outer * cost_fold_operator_flops(s) / rates->fold_operators) /
           s->workers_per_rank;
}

/* The search for nodes, one core's work: two Cholesky factors of differences of sketches, and what makes
 * them, for each form, fold and penalty or so (bench/NOTES.md). */
static double search_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    const double cubes = 3;
    return cubes * pow(cost_probes(s), 3) * 2 * s->n_outer * s->n_penalties / rates->product_double;
}

/* Where nodes are chosen: a pass over all penalties to choose them, then one over the nodes. */
static double operators_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    double first =
        pass_s(s, rates, cost_penalties_per_machine(s), s->n_targets, cost_probes(s)) + search_s(s, rates);
    return first + (s->orbits.n_shifts > 0 ? forms_s(s, rates) : nodes_s(s, rates));
}

/* In one pass, on the machine with most folds. */
static double tile_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    double folds = cost_pass_flops(s) - cost_product_flops(s);
    return cost_tile_columns(s) * (cost_product_flops(s) / rates->product + folds / rates->folds);
}

/* Of orbits, the machine with most folds sets the pace. The last reductions of a chain wait for one another.
 */
static double orbits_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    const double reduce_share = 0.1;
    double workers = cost_ranks_per_machine(s) * s->workers_per_rank;
    double own = cost_orbits_kernel_flops(s) * cost_placement_share(s) / rates->orbits /
                 (cost_placement_chains(s) * workers);
    double blocks = fmax(cost_blocks(s) / cost_placement_chains(s), 1);
    return own * (1 + reduce_share * (cost_placement_links(s) - 1) / blocks);
}

/* Computing alone, without messages. In every pass the other workers are idle during the last task. */
static double permutations_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    if (s->orbits.n_shifts > 0)
        return orbits_s(s, rates);
    double lanes = cost_placement_chains(s) * cost_ranks_per_machine(s), one = tile_s(s, rates) + task_s;
    double overhead = (s->n * rates->tile_s + 3 * task_s) / s->n_nodes;
    double busy = ceil(cost_units(s) / lanes) * s->n_nodes * cost_unit_tiles(s) * (one + overhead) /
                  s->workers_per_rank;
    return cost_passes_count(s) * (busy + 0.5 * (1 - 1 / s->workers_per_rank) * one);
}

/* Permutation 0, computed before the others as part of a whole unit; with orbits it is one of them. */
static double observed_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    if (s->orbits.n_shifts > 0)
        return 0;
    double tasks = s->n_nodes * cost_unit_tiles(s);
    return cost_passes_count(s) *
           (ceil(tasks / s->workers_per_rank) * (tile_s(s, rates) + task_s) + s->n * rates->tile_s);
}

static double spread_svd_s(const struct cost_shape *s, const struct cost_network *network)
{
    double machines = cost_machines(s), receivers = cost_svd_machines(s);
    return wire_s(network, cost_svd_bytes(s), receivers == machines ? tree_hops(machines) : receivers - 1);
}

static double svd_s(const struct cost_shape *s, const struct cost_rates *rates)
{
    double workers = s->workers_per_rank, all = workers * cost_ranks_per_machine(s);
    return rates->svd_s * (1 - svd_forth - svd_back + svd_forth / workers + svd_back / all);
}

struct cost_seconds cost_seconds_of(const struct cost_shape *s, const struct cost_rates *rates,
                                    const struct cost_network *network)
{
    struct cost cost = cost_of(s);
    double machines = cost_machines(s), gram_wire = 0, operators_wire = 0, permutations_wire = 0;
    if (machines > 1) {
        gram_wire = wire_s(network, cost.traffic.gram, 1);
        operators_wire = wire_s(network, cost.traffic.targets / (machines - 1), tree_hops(machines)) +
                         spread_svd_s(s, network) +
                         wire_s(network, cost.traffic.operators / (machines - 1), tree_hops(machines)) +
                         wire_s(network, cost.traffic.observed, 1);
        permutations_wire = wire_s(network, cost_placement_sums(s), cost_placement_links(s) > 1 ? 1 : 0);
    }
    double computing = permutations_s(s, rates);
    double components = shared_s(s, rates->components_s, components_shared);
    struct cost_seconds seconds = {
        .reading = start_s + (s->n_machines * s->ranks_per_machine > 1 ? ranks_start_s : 0) +
                   rates->tables_s + s->n * s->n_snps * scan_call_s,
        .gram = gram_s(s, rates) + gram_wire,
        .components = components,
        .svd = svd_s(s, rates) + components + s->n * s->n * relative_s + s->n * s->n_targets * residual_s,
        .operators = operators_s(s, rates) + operators_wire,
        .permutations = observed_s(s, rates) + fmax(computing, permutations_wire),
        .network = gram_wire + operators_wire + fmax(permutations_wire - computing, 0),
    };
    seconds.total = seconds.reading + seconds.gram + seconds.svd + seconds.operators + seconds.permutations;
    return seconds;
}
