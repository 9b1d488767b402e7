/* The graph of tasks that reads all SNPs and sums K and everybody's heterozygosity: load_snps -> gram_tile ->
 * gram_add. */
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
    bool is_single; /* products in single precision, sums in double (model/kinship/gram.h) */
};

/* What is summed over the SNPs; the caller's. */
struct gram_graph_sums {
    double *gram;           /* n x n: K = X X' / p, both triangles */
    double *heterozygosity; /* n: H (model/kinship/relatives.h) */
};

/* Fills the sums; p = counts->n_kept is the number of SNPs that pass the filter. Takes one more n x n array
 * and a few SNP tiles. If no SNP passes, the error is EXIT_CODE_BAD_INPUT with the counts.
 *
 * Collective. With several ranks, up to GRAM_CHUNKS of them, dealt over the machines, read a share of the
 * chunks each. Rank 0 adds the chunks in order, so they have the same bits for any number of ranks. Only rank
 * 0 has sums; elsewhere both are NULL. Only ranks for which gram_graph_reads is true use `source`. */
int gram_graph_run(struct runtime *runtime, const struct gram_graph_input *input,
                   const struct gram_graph_sums *sums, struct genotype_counts *counts,
                   const struct progress_sink *progress, struct error *err);

/* Whether this rank reads SNPs: then it needs a source. */
bool gram_graph_reads(const struct ranks *ranks);

#endif
