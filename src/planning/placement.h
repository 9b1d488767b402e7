/* Which rank builds what permutations compute with, and which owns a block of permutations drawn one by one.
 * All follow from the numbers of ranks, machines and penalties, so every rank knows them of every other.
 *
 *   replicate   every machine holds all operators, or all forms; block b is computed, reduced and saved by
 *               rank b % n_ranks, so permutations need no traffic
 *   by-fold     a machine holds the forms of some consecutive outer folds, which it builds itself, and sums
 *               are handed on from machine to machine (planning/fold_chains.h). Of permutations in orbits
 */
#ifndef ARETE_PLANNING_PLACEMENT_H
#define ARETE_PLANNING_PLACEMENT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum placement_kind { PLACEMENT_REPLICATE, PLACEMENT_BY_FOLD };

struct placement {
    enum placement_kind kind;
    size_t n_penalties; /* that get operators or forms */
    int n_ranks, n_machines;
    int *machine;    /* n_ranks: of each rank; machines count from 0 in the order of their first rank */
    int *first_rank; /* n_machines + 1: where a machine's ranks begin in `ranks` */
    int *ranks;      /* n_ranks: machine after machine, ascending inside each */
};

/* machine: of each rank, 0 ... n_machines-1; every machine has a rank. Copied. */
int placement_init(struct placement *placement, enum placement_kind kind, size_t n_penalties,
                   const int *machine, int n_ranks, int n_machines, struct error *err);
void placement_free(struct placement *placement);

/* "replicate", "by-fold" */
const char *placement_name(enum placement_kind kind);

/* The rank that computes, reduces and saves a block of permutations drawn one by one. */
int placement_owner(const struct placement *placement, int64_t block);
/* Rank `number` of a machine, counted round and round. */
int placement_rank(const struct placement *placement, int machine, int number);
/* With replicate: the rank that builds the penalty's operators, which the machines are dealt in turn. It is
 * the first rank of its machine. So a machine needs memory for one builder, however many ranks it has. */
int placement_builder(const struct placement *placement, size_t penalty);
/* Whether the rank builds the penalty: as its builder or, with by-fold, as the first rank of its machine. */
bool placement_builds(const struct placement *placement, int rank, size_t penalty);
/* Whether the rank builds any penalty. */
bool placement_builds_any(const struct placement *placement, int rank);

#endif
