/* The memory part of a study's cost. Only for planning/cost*.c. */
#ifndef ARETE_PLANNING_COST_MEMORY_H
#define ARETE_PLANNING_COST_MEMORY_H

#include "planning/cost.h"

/* Bytes of one penalty's operators in float32: P, and for each fold its inverse, its cross panel and its
 * inner factors. */
double cost_memory_node(const struct cost_shape *shape);

/* rank_bytes and machine_bytes from the shape, and from held_bytes and shared_bytes. */
void cost_memory_fill(struct cost *cost, const struct cost_shape *shape);

#endif
