/* Passes over the outer folds, where the forms or operators of all do not fit into memory at once
 * (docs/design.md). Results do not depend on how many there are. */
#ifndef ARETE_PLANNING_COST_PASSES_H
#define ARETE_PLANNING_COST_PASSES_H

#include "planning/cost.h"

#include <stdbool.h>
#include <stddef.h>

/* Outer folds of a pass, on all machines together, and passes. */
double cost_passes_folds(const struct cost_shape *shape);
double cost_passes_count(const struct cost_shape *shape);

/* Sets shape->pass_folds for the fewest passes that fit into the memory of a machine, all of about the same
 * size; those that need least, and false, when not even these do. */
bool cost_passes_fit(struct cost_shape *shape, double memory_bytes);

/* Why there are so many, a text of COST_PLACEMENT_BYTES, which it returns. */
const char *cost_passes_text(const struct cost_shape *shape, double memory_bytes, char *text);

/* Bytes of the sums over some folds that all permutations have; of the files of them between passes, at most;
 * of what a block takes for them in memory beside its scores. */
double cost_passes_sums_bytes(const struct cost_shape *shape);
double cost_passes_file_bytes(const struct cost_shape *shape);
double cost_passes_block_bytes(const struct cost_shape *shape, double units);

#endif
