/* Chains of machines: who works on which outer folds of a block of units, one after the other.
 *
 * By fold, the machines of a chain hold consecutive spans of the outer folds. Of each block every machine
 * computes its folds' part, adds it to what the machines before have handed it, and hands the sums on; the
 * last one saves. With more machines than folds there are several chains, each with blocks of its own;
 * machines that are left over hold nothing.
 *
 * With `replicate` every rank is a chain by itself, and holds all folds.
 *
 * Block b belongs to lane b % n_lanes. The lanes of a chain are its machines' ranks: one rank of each machine
 * works on a lane, and the ranks of a machine work on different ones. All of it follows from the placement
 * and the folds, so every rank knows it of every other. */
#ifndef ARETE_PLANNING_FOLD_CHAINS_H
#define ARETE_PLANNING_FOLD_CHAINS_H

#include "model/ridge/folds.h"
#include "planning/placement.h"

#include <stddef.h>
#include <stdint.h>

struct fold_chains {
    const struct placement *placement; /* the caller's */
    struct fold_span folds;            /* of all links together: the study's, or those of a pass */
    int n_links, n_chains, n_lanes;
};

/* Links of a chain of so many machines: no machine of it is without a fold. */
int fold_chains_links(int n_machines, size_t n_folds);

struct fold_chains fold_chains_of(const struct placement *placement, struct fold_span folds);

/* The folds of a machine; none (count 0) where it is left over. */
struct fold_span fold_chains_folds(const struct fold_chains *chains, int machine);

/* The rank that works on a lane at a link, 0 ... n_links-1. */
int fold_chains_rank(const struct fold_chains *chains, int lane, int link);
/* At which link of a lane the rank works; -1 where it does not. */
int fold_chains_link(const struct fold_chains *chains, int lane, int rank);

/* Blocks are dealt to lanes in proportion to `of_lane` (n_lanes): the fewest workers of a rank at any link.
 * workers: of each rank. */
void fold_chains_workers(const struct fold_chains *chains, const int64_t *workers, int64_t *of_lane);

#endif
