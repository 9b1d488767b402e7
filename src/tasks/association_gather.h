/* What the ranks have found of their SNPs, brought together in rank 0. */
#ifndef ARETE_TASKS_ASSOCIATION_GATHER_H
#define ARETE_TASKS_ASSOCIATION_GATHER_H

#include "tasks/association_graph.h"
#include "tasks/snp_ranges.h"

/* In: of each rank what it has found of the tiles of its range. Out: in rank 0 of all; the counts are the
 * sums in every rank. input->full is gathered likewise. Collective; the outcome is agreed on. */
int association_gather(struct ranks *ranks, const struct snp_ranges *ranges,
                       const struct association_graph_input *input, struct association_graph_output *output,
                       struct error *err);

#endif
