/* What a study costs: flops, bytes, messages and, from measured rates (planning/cost_rates.h), seconds
 * (planning/cost_time.h). Formulas: docs/design.md.
 *
 * N machines with R ranks (processes) each, W workers a rank. Without shared memory every rank counts as a
 * machine of its own, as in run.shared_memory. */
#ifndef ARETE_PLANNING_COST_H
#define ARETE_PLANNING_COST_H

#include "planning/placement.h"

#include <stdbool.h>

/* Counts as doubles: they are only multiplied. */
struct cost_shape {
    double n, n_snps, n_targets, n_covariates, n_genetic_pcs, n_outer, n_inner, n_permutations;
    double n_penalties, n_nodes; /* of the grid; those that have operators in the permutations */
    double n_machines, ranks_per_machine, workers_per_rank;
    bool shared_memory;
    bool chooses_nodes; /* from sketches of all penalties; n_nodes is how many there are at most */
    enum placement_kind placement;
};

/* Bytes that cross the network between machines, for the whole run. */
struct cost_traffic {
    double gram;      /* sums of chunks of K to rank 0 */
    double targets;   /* in float32 and double to every machine */
    double svd;       /* singular vectors to the machines that build operators */
    double operators; /* to the machines that hold them */
    double observed;  /* observed scores and sketches to rank 0 */
    double sums;      /* by-penalty: errors of a tile to the rank that owns its block */
    double total;
};

struct cost {
    double gram_flops, svd_flops, operator_flops, permutation_flops; /* permutation: of all N together */
    double operators_bytes;                                          /* of all nodes together */
    double held_bytes;                                               /* of them, on the fullest machine */
    double shared_bytes;   /* what the ranks of a machine have one copy of: targets, operators */
    double rank_bytes;     /* peak of what the largest rank (rank 0) has for itself */
    double machine_bytes;  /* peak of the fullest machine */
    double campaign_bytes; /* of campaign.h5 */
    struct cost_traffic traffic;
};

struct cost cost_of(const struct cost_shape *shape);

/* The machines as the program counts them: with shared memory N machines of R ranks, else N x R of one. */
double cost_machines(const struct cost_shape *shape);
double cost_ranks_per_machine(const struct cost_shape *shape);

/* Columns of the widest column tile, tiles of a unit, units of all permutations, blocks that a run makes of
 * them by itself (planning/unit_blocks.h). */
double cost_tile_columns(const struct cost_shape *shape);
double cost_unit_tiles(const struct cost_shape *shape);
double cost_units(const struct cost_shape *shape);
double cost_blocks(const struct cost_shape *shape);

/* Flops of the permutations' kernel for one column at one penalty (model/ridge/ridge.h): w = P y, and the
 * rest. */
double cost_product_flops(const struct cost_shape *shape);
double cost_fold_flops(const struct cost_shape *shape);
/* Building one penalty's operators: P; what every fold needs. */
double cost_p_flops(const struct cost_shape *shape);
double cost_factor_flops(const struct cost_shape *shape);
/* Where nodes are chosen, else 0: probes that P is applied to beside the targets, flops of the folds'
 * sketches of one penalty. The search itself, seconds of one core, is in no figure. */
double cost_probes(const struct cost_shape *shape);
double cost_sketch_flops(const struct cost_shape *shape);

/* The eigenvectors and eigenvalues of K. */
double cost_svd_bytes(const struct cost_shape *shape);
/* Ranks that read genotypes, chunks of K that the busiest rank reads, and chunks whose sums cross the network
 * to rank 0. */
double cost_readers(const struct cost_shape *shape);
double cost_chunks_per_rank(const struct cost_shape *shape);
double cost_chunks_sent(const struct cost_shape *shape);
/* Machines that build operators; penalties, and of these nodes, that the busiest rank builds. */
double cost_builder_machines(const struct cost_shape *shape);
double cost_penalties_per_builder(const struct cost_shape *shape);
double cost_nodes_per_builder(const struct cost_shape *shape);

/* `auto`: replicate if it fits into the memory of a machine, else by-penalty if that fits. True when the
 * chosen placement fits; when none does *kind is the one that needs less. text (COST_PLACEMENT_BYTES) is a
 * short reason, such as "replicate: 375 MB a machine with all operators fit into 25.3 GB". The shape's own
 * placement is not looked at. */
enum { COST_PLACEMENT_BYTES = 200 };
bool cost_choose_placement(const struct cost_shape *shape, double machine_memory, enum placement_kind *kind,
                           char *text);

/* "163 MB", "23.4 GB" in a text of COST_TEXT_BYTES, which is returned. */
enum { COST_TEXT_BYTES = 32 };
const char *cost_bytes_text(double bytes, char *text);
/* A limit as it is given, to this program, Slurm or a container, in powers of 1024: "10M", "1.5G", "2T"; one
 * that nobody would have written so, as cost_bytes_text has it. */
const char *cost_limit_text(double bytes, char *text);

#endif
