/* The DAG of the reduction to a tridiagonal matrix: column after column a reflector, its product with the
 * rest slab by slab, and after each panel the update of the rest, slab by slab. */
#ifndef ARETE_TASKS_TRIDIAGONAL_GRAPH_H
#define ARETE_TASKS_TRIDIAGONAL_GRAPH_H

#include "model/eigen/tridiagonal_reduction.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

/* All steps but the finish; waits for them. The rank that calls it computes alone. interrupted: as
 * runtime_wait. */
int tridiagonal_graph_run(struct runtime *runtime, struct tridiagonal_reduction *reduction,
                          const struct progress_sink *progress, const char *interrupted, struct error *err);

#endif
