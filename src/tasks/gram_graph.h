/* The DAG that reads all SNPs and sums K: load_snps -> gram_tile -> gram_add. */
#ifndef ARETE_TASKS_GRAM_GRAPH_H
#define ARETE_TASKS_GRAM_GRAPH_H

#include "codelets/load_snps.h"
#include "model/kinship/genotype.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <stdbool.h>
#include <stddef.h>

/* gram (n x n, the caller's) becomes K = X X' / p, both triangles, p = counts->n_kept. Memory: one more n x n
 * and a few SNP tiles. No SNP kept: EXIT_CODE_BAD_INPUT with the counts.
 *
 * With several ranks each of the first eight, dealt over machines, reads its share of the chunks, and rank 0
 * adds them in order, so K has the same bits for any number of ranks. Called by all ranks; gram is rank 0's
 * alone and NULL elsewhere, source as gram_graph_reads says. */
int gram_graph_run(struct runtime *runtime, const struct snp_source *source, size_t n, size_t n_snps,
                   const struct genotype_filter *filter, double *gram, struct genotype_counts *counts,
                   const struct progress_sink *progress, struct error *err);

/* Whether this rank reads SNPs. */
bool gram_graph_reads(const struct ranks *ranks);

#endif
