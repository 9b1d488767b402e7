/* Which machine holds which penalty's operators, which rank builds them, which computes with them, and which
 * owns a block. All follow from the numbers of ranks, machines and penalties, so every rank knows them of
 * every other.
 *
 *   replicate    every machine holds all operators; block b is computed, reduced and saved by rank
 *                b % n_ranks, so permutations need no traffic
 *   by-penalty   a machine holds few penalties' operators. With no more machines than penalties, penalty k is
 *                on machine k % n_machines. With more, machine i holds penalty i % n_penalties, and the
 *                machines of one penalty share its blocks. Sums travel to the block's owner, rank b % n_ranks
 */
#ifndef ARETE_PLANNING_PLACEMENT_H
#define ARETE_PLANNING_PLACEMENT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum placement_kind { PLACEMENT_REPLICATE, PLACEMENT_BY_PENALTY };

struct placement {
    enum placement_kind kind;
    size_t n_penalties; /* that get operators */
    int n_ranks, n_machines;
    int *machine;    /* n_ranks: of each rank; machines count from 0 in the order of their first rank */
    int *first_rank; /* n_machines + 1: where a machine's ranks begin in `ranks` */
    int *ranks;      /* n_ranks: machine after machine, ascending inside each */
    bool *held;      /* n_penalties x n_machines: whether the machine holds the penalty's operators */
};

/* machine: of each rank, 0 ... n_machines-1; every machine has a rank. Copied. */
int placement_init(struct placement *placement, enum placement_kind kind, size_t n_penalties,
                   const int *machine, int n_ranks, int n_machines, struct error *err);
void placement_free(struct placement *placement);

/* "replicate", "by-penalty" */
const char *placement_name(enum placement_kind kind);

/* The rank that reduces and saves a block. */
int placement_owner(const struct placement *placement, int64_t block);
/* Whether the machine holds the penalty's operators. */
bool placement_holds(const struct placement *placement, int machine, size_t penalty);
/* How many penalties a machine holds at most. */
size_t placement_most_held(enum placement_kind kind, size_t n_penalties, int n_machines);
/* The rank that builds the penalty's operators: the first rank of a machine that holds them. So a machine
 * needs memory for one builder, however many ranks it has. */
int placement_builder(const struct placement *placement, size_t penalty);
/* Whether the rank builds any penalty's operators. */
bool placement_builds(const struct placement *placement, int rank);
/* The rank that computes a block's sums at the penalty, on a machine that holds it. */
int placement_computer(const struct placement *placement, int64_t block, size_t penalty);

#endif
