/* The graph of tasks that reads all SNPs and sums K: load_snps -> gram_tile -> gram_add. */
#ifndef ARETE_TASKS_GRAM_GRAPH_H
#define ARETE_TASKS_GRAM_GRAPH_H

#include "codelets/load_snps.h"
#include "model/kinship/genotype.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <stdbool.h>
#include <stddef.h>

struct gram_graph_input {
    const struct snp_source *source; /* of the ranks for which gram_graph_reads is true */
    size_t n, n_snps;
    const struct genotype_filter *filter;
};

/* Fills gram, n x n and the caller's, with K = X X' / p, both triangles; p = counts->n_kept is the number of
 * SNPs that pass the filter. Takes one more n x n array and a few SNP tiles. If no SNP passes, the error is
 * EXIT_CODE_BAD_INPUT with the counts.
 *
 * Collective. With several ranks, up to GRAM_CHUNKS of them, dealt over the machines, read a share of the
 * chunks each. Rank 0 adds the chunks in order, so K has the same bits for any number of ranks. Only rank 0
 * has `gram`; elsewhere it is NULL. Only ranks for which gram_graph_reads is true use `source`. */
int gram_graph_run(struct runtime *runtime, const struct gram_graph_input *input, double *gram,
                   struct genotype_counts *counts, const struct progress_sink *progress, struct error *err);

/* Whether this rank reads SNPs: then it needs a source. */
bool gram_graph_reads(const struct ranks *ranks);

#endif
