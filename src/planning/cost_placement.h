/* How permutations are spread over machines: what each placement (planning/fold_chains.h) leaves
 * for a machine to do, and which of them a run takes by itself. Functions of the study's sizes and the
 * machines alone; results do not depend on it. */
#ifndef ARETE_PLANNING_COST_PLACEMENT_H
#define ARETE_PLANNING_COST_PLACEMENT_H

#include "planning/cost.h"
#include "planning/fold_chains.h"

#include <stdbool.h>

/* Machines of a chain, and chains: with replicate every machine is one. */
double cost_placement_links(const struct cost_shape *shape);
double cost_placement_chains(const struct cost_shape *shape);

/* Of a pass's outer folds, those that the fullest machine has; the share of all of the study's folds that it
 * builds and computes with, in all passes together. */
double cost_placement_folds(const struct cost_shape *shape);
double cost_placement_share(const struct cost_shape *shape);

/* Bytes of sums that a machine hands on, in all passes, of the blocks of its chain; 0 with replicate. */
double cost_placement_sums(const struct cost_shape *shape);

/* Sets shape->pass_folds for the placement in shape: so many passes or, where that is 0, as few as fit into
 * a machine's memory (bytes). Returns whether they fit. */
bool cost_placement_fit(struct cost_shape *shape, double memory_bytes, int passes);

/* The same, and the placement: by-fold where replicate does not fit or, with orbits, takes more passes, or
 * where by-fold is estimated to be clearly faster; else replicate. */
bool cost_placement_choose(struct cost_shape *shape, double memory_bytes, int passes);

/* "by-fold: 2 chains of 10 machines, with the forms of 1 of 10 outer folds each; 3 machines idle", a text of
 * COST_PLACEMENT_BYTES, which it returns; also how many processes of a machine build, where not all do. Of
 * one machine too. */
const char *cost_placement_text(const struct cost_shape *shape, char *text);

#endif
