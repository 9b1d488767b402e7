/* What a study costs: flops, bytes, messages. Seconds follow from measured rates (planning/cost_rates.h,
 * planning/cost_time.h). Formulas and symbols: docs/design.md.
 *
 * A run has a number of machines, each with the same number of ranks (processes), each with the same number
 * of workers. With run: {shared_memory: false} every rank counts as a machine of its own. */
#ifndef ARETE_PLANNING_COST_H
#define ARETE_PLANNING_COST_H

#include "planning/placement.h"

#include <stdbool.h>

/* How permutations come in orbits (model/orbits/orbit_choice.h); n_shifts is 0 where they are drawn one by
 * one. flops: of one permutation and form; variance: V. */
struct cost_orbits {
    double n_shifts, length, n_sequences, n_fixed, flops, variance;
};

/* The sizes of a study and of the machines it runs on. Counts are doubles: they are only multiplied. */
struct cost_shape {
    double n, n_snps, n_targets, n_covariates, n_genetic_pcs, n_outer, n_inner, n_permutations;
    double n_penalties; /* of the grid */
    double n_nodes;     /* penalties that permutations compute */
    double n_machines, ranks_per_machine, workers_per_rank;
    double block_permutations; /* of a block, where the study file says it; else 0 */
    double n_builders;         /* of a machine's ranks, those that build operators and forms; 0 counts as 1 */
    bool shared_memory;
    bool gram_is_single; /* K's products are in single precision */
    bool fills_values;   /* targets.missing: mean */
    bool keeps_predictions;
    bool chooses_nodes;      /* the run will choose its nodes, from sketches */
    bool nodes_are_expected; /* n_nodes is what it is expected to choose (cost_nodes.h) */
    enum placement_kind placement;
    double pass_folds; /* outer folds of a pass, on all machines together; 0 = all */
    struct cost_orbits orbits;
};

/* Bytes sent between machines in the whole run. */
struct cost_traffic {
    double gram;      /* sums of chunks of K to rank 0 */
    double targets;   /* in float32 and double to every machine */
    double svd;       /* singular vectors to the machines that build operators or forms */
    double operators; /* or forms, from their builders to all machines in every pass; none with by-fold */
    double observed;  /* observed scores and sketches to rank 0 */
    double sums;      /* by-fold only: of each block, from machine to machine of its chain */
    double total;
};

struct cost {
    double gram_flops, svd_flops, operator_flops, permutation_flops; /* permutation: of all N together */
    double held_bytes;    /* operators or forms of all nodes, on the machine that holds most */
    double shared_bytes;  /* what the ranks of a machine have one copy of: targets, operators */
    double window_bytes;  /* largest part of /dev/shm that the ranks of rank 0's machine take; 0 if they share
                             nothing */
    double rank_bytes;    /* largest memory of rank 0, which needs most, without what is shared */
    double machine_bytes; /* largest memory of the machine that needs most */
    double campaign_bytes;    /* of campaign.h5 */
    double predictions_bytes; /* of predictions.tsv, with names as long as most are */
    double sums_bytes;        /* of the files of sums beside it, while there are passes */
    struct cost_traffic traffic;
};

struct cost cost_of(const struct cost_shape *shape);

/* Machines, and ranks of each, as the program counts them: without shared memory every rank is a machine. */
double cost_machines(const struct cost_shape *shape);
double cost_ranks_per_machine(const struct cost_shape *shape);

/* Columns of the widest column tile; tiles of a unit; units of all permutations; blocks that a run cuts them
 * into (planning/unit_blocks.h). */
double cost_tile_columns(const struct cost_shape *shape);
double cost_unit_tiles(const struct cost_shape *shape);
double cost_units(const struct cost_shape *shape);
double cost_blocks(const struct cost_shape *shape);

/* Flops of the permutations' kernel for one column at one penalty (model/ridge/ridge.h): the product w = P y,
 * and what all folds do with w; both, on the machine with most folds, in one pass. */
double cost_product_flops(const struct cost_shape *shape);
double cost_fold_flops(const struct cost_shape *shape);
double cost_pass_flops(const struct cost_shape *shape);
/* Flops of building one penalty's operators: P; those of all folds. */
double cost_p_flops(const struct cost_shape *shape);
double cost_fold_operator_flops(const struct cost_shape *shape);
/* Where nodes are chosen (else 0): how many probes P is applied to, beside the targets; flops of one
 * penalty's sketches. */
double cost_probes(const struct cost_shape *shape);
double cost_sketch_flops(const struct cost_shape *shape);

/* The eigenvectors and eigenvalues of K. */
double cost_svd_bytes(const struct cost_shape *shape);
/* Ranks that read genotypes; chunks of K that the busiest of them reads; chunks whose sums are sent to rank 0
 * from another machine. */
double cost_readers(const struct cost_shape *shape);
double cost_chunks_per_rank(const struct cost_shape *shape);
double cost_chunks_sent(const struct cost_shape *shape);
/* Machines that build operators, and those that have singular vectors; penalties, and nodes, that the busiest
 * machine builds; how many of its ranks build. */
double cost_builder_machines(const struct cost_shape *shape);
double cost_svd_machines(const struct cost_shape *shape);
double cost_penalties_per_machine(const struct cost_shape *shape);
double cost_nodes_per_machine(const struct cost_shape *shape);
double cost_builders(const struct cost_shape *shape);
/* What the busiest builder of a machine does, where that has so many penalties at so many folds each: makes P
 * of some penalties, and some of all the pairs of a penalty and a fold. */
struct cost_part {
    double penalties, pairs;
};
struct cost_part cost_part_of(const struct cost_shape *shape, double penalties, double folds);
/* Sets shape->n_builders: all ranks of a machine, or as many of them as have something to do and fit into its
 * memory (bytes). */
void cost_fit_builders(struct cost_shape *shape, double memory_bytes);
/* How often the nodes' operators are built, each time those of a pass, where permutations are drawn one by
 * one: in passes once for permutation 0 and once for the others. */
double cost_operator_builds(const struct cost_shape *shape);

/* Room for the reason of a choice. */
enum { COST_PLACEMENT_BYTES = 200 };

/* Writes "163 MB" or "23.4 GB" into text, of COST_TEXT_BYTES, and returns it. */
enum { COST_TEXT_BYTES = 32 };
const char *cost_bytes_text(double bytes, char *text);
/* A limit as it is given, to this program, Slurm or a container, in powers of 1024: "10M", "1.5G", "2T"; one
 * that nobody would have written so, as cost_bytes_text has it. */
const char *cost_limit_text(double bytes, char *text);

#endif
