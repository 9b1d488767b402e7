/* Which machine holds which penalty's operators, and which rank builds them, computes with them and owns
 * which block: functions of the numbers of ranks, machines and penalties alone, so every rank knows them of
 * all.
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
    size_t n_penalties; /* that have operators */
    int n_ranks, n_machines;
    int *machine;    /* n_ranks: of each rank; machines count from 0 in the order of their first rank */
    int *first_rank; /* n_machines + 1: where a machine's ranks begin in `ranks` */
    int *ranks;      /* n_ranks: machine after machine, ascending inside each */
    bool *held;      /* n_penalties x n_machines: whether the machine holds the penalty's operators */
};

/* machine: n_ranks numbers 0 ... n_machines-1, each with a rank; copied. */
int placement_init(struct placement *placement, enum placement_kind kind, size_t n_penalties,
                   const int *machine, int n_ranks, int n_machines, struct error *err);
void placement_free(struct placement *placement);

/* "replicate", "by-penalty" */
const char *placement_name(enum placement_kind kind);

/* The rank that reduces and saves block b. */
int placement_owner(const struct placement *placement, int64_t block);
/* Whether the machine holds the penalty's operators. */
bool placement_holds(const struct placement *placement, int machine, size_t penalty);
/* How many penalties the fullest machine holds. */
size_t placement_most_held(enum placement_kind kind, size_t n_penalties, int n_machines);
/* The rank that builds the penalty's operators: the first of a machine that holds them, so that a machine
 * needs the arrays of one builder whatever the number of its ranks. */
int placement_builder(const struct placement *placement, size_t penalty);
bool placement_builds(const struct placement *placement, int rank); /* any penalty's */
/* The rank that computes block b's sums at the penalty: on a machine that holds it. */
int placement_computer(const struct placement *placement, int64_t block, size_t penalty);

#endif
