/* The graph of tasks of the mass-univariate model: every SNP by every target, the SNPs streamed once.
 * residualise_tile -> associate_tile. Several ranks take a range of the SNPs each, so that each SNP is read
 * and residualised once. */
#ifndef ARETE_TASKS_ASSOCIATION_GRAPH_H
#define ARETE_TASKS_ASSOCIATION_GRAPH_H

#include "codelets/associate_tile.h"
#include "model/univariate/associations.h"
#include "model/univariate/pair_scan.h"
#include "model/univariate/snp_tile.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"
#include "tasks/snp_tiles.h"

struct association_graph_input {
    const struct snp_stream *stream;
    const struct pair_targets *targets;
    size_t most_hits;
    struct associate_full full; /* written by the graph */
};

/* What comes of it, in rank 0; the counts in every rank. Arrays are the caller's in every rank; facts are of
 * n_variants. */
struct association_graph_output {
    struct snp_facts *facts;
    struct associations associations; /* empty before; the caller frees it */
    struct snp_counts counts;
};

/* Memory: a few SNP tiles, and a struct associations a worker. Two calls give the same bits, whatever the
 * number of workers and ranks. Collective; the outcome is agreed on. */
int association_graph_run(struct runtime *runtime, const struct association_graph_input *input,
                          struct association_graph_output *output, const struct progress_sink *progress,
                          struct error *err);

#endif
