/* The memory part of a study's cost. Only for planning/cost*.c. */
#ifndef ARETE_PLANNING_COST_MEMORY_H
#define ARETE_PLANNING_COST_MEMORY_H

#include "planning/cost.h"

/* Bytes of one penalty's operators in float32 (model/ridge/operators.h). */
double cost_memory_node(const struct cost_shape *shape);

/* Bytes of p being counted of so many permutations, floats of a unit, and floats that are taken of it at a
 * time. */
double cost_memory_counting(double n_permutations, double unit_floats, double at_once);

/* Fills cost->window_bytes, cost->rank_bytes and cost->machine_bytes; held_bytes and shared_bytes must be
 * there. */
void cost_memory_fill(struct cost *cost, const struct cost_shape *shape);

#endif
