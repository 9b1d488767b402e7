/* Passes over the outer folds, where the forms of all of them do not fit into memory at once
 * (docs/design.md). Results do not depend on how many there are. */
#ifndef ARETE_PLANNING_COST_PASSES_H
#define ARETE_PLANNING_COST_PASSES_H

#include "planning/cost.h"

#include <stdbool.h>
#include <stddef.h>

/* Outer folds of a pass, on all machines together, and passes, of permutations in orbits. */
double cost_passes_folds(const struct cost_shape *shape);
double cost_passes_count(const struct cost_shape *shape);

/* Sets shape->orbits.folds for the fewest passes that fit into the memory of a machine, all of about the same
 * size; those that need least, and false, when not even these do. */
bool cost_passes_fit(struct cost_shape *shape, double memory_bytes);

/* Why there are so many, a text of COST_PLACEMENT_BYTES, which it returns. */
const char *cost_passes_text(const struct cost_shape *shape, double memory_bytes, char *text);

/* Bytes of the files of sums between passes, at most; of a block's sums over the folds before, in memory. */
double cost_passes_file_bytes(const struct cost_shape *shape);
double cost_passes_block_bytes(const struct cost_shape *shape, double units);

#endif
