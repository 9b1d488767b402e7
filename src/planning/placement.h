/* Which rank builds what permutations compute with. It follows from the numbers of ranks, machines and
 * penalties, so every rank knows it of every other.
 *
 * With `replicate` every machine holds all operators, or all forms. A block is computed, reduced and saved by
 * one rank, so permutations need no traffic.
 *
 * With `by-fold` a machine holds the operators or forms of some consecutive outer folds, which it builds
 * itself, and sums are handed on from machine to machine.
 *
 * Who has which folds and blocks: planning/fold_chains.h. */
#ifndef ARETE_PLANNING_PLACEMENT_H
#define ARETE_PLANNING_PLACEMENT_H

#include "base/error.h"
#include "model/ridge/folds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum placement_kind { PLACEMENT_REPLICATE, PLACEMENT_BY_FOLD };

struct placement {
    enum placement_kind kind;
    size_t n_penalties; /* that get operators or forms */
    int n_ranks, n_machines;
    int n_dealt;     /* with replicate: the first so many machines are dealt the penalties in turn */
    int n_builders;  /* of each machine the first so many ranks build; it may have fewer */
    int *machine;    /* n_ranks: of each rank; machines count from 0 in the order of their first rank */
    int *first_rank; /* n_machines + 1: where a machine's ranks begin in `ranks` */
    int *ranks;      /* n_ranks: machine after machine, ascending inside each */
};

/* machine: of each rank, 0 ... n_machines-1; every machine has a rank. Copied. All machines and all ranks
 * build; n_dealt and n_builders may be lowered afterwards. */
int placement_init(struct placement *placement, enum placement_kind kind, size_t n_penalties,
                   const int *machine, int n_ranks, int n_machines, struct error *err);
void placement_free(struct placement *placement);

/* "replicate", "by-fold" */
const char *placement_name(enum placement_kind kind);

/* Rank `number` of a machine, counted round and round. */
int placement_rank(const struct placement *placement, int machine, int number);
/* With replicate: the machine whose ranks build what is made of a penalty. */
int placement_machine(const struct placement *placement, size_t penalty);
/* Whether a machine builds anything; whether a rank is one of those of its machine that do. By fold all
 * machines do. */
bool placement_machine_builds(const struct placement *placement, int machine);
bool placement_builds_any(const struct placement *placement, int rank);
/* How many ranks of a machine build. */
int placement_builders(const struct placement *placement, int machine);

/* What ranks of one machine share: each of its penalties at each of some outer folds (`folds`), penalty after
 * penalty. That row is cut into pieces of equal length, one for each builder, so that no more P's are made
 * twice than there are cuts. Of builder `number` of the machine: the folds of this penalty, or none. */
struct fold_span placement_part(const struct placement *placement, int machine, int number, size_t penalty,
                                struct fold_span folds);
/* The same of a rank; none where it is no builder. */
struct fold_span placement_folds(const struct placement *placement, int rank, size_t penalty,
                                 struct fold_span folds);

/* Part `number` of so many things that are cut into n_parts: as equal as can be. */
struct fold_span placement_cut(size_t count, int n_parts, int number);

#endif
