/* Task: read a tile of SNPs, filter and standardise it. */
#ifndef ARETE_CODELETS_LOAD_SNPS_H
#define ARETE_CODELETS_LOAD_SNPS_H

#include "codelets/run_status.h"
#include "model/kinship/genotype.h"

#include <starpu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where calls come from. read() puts SNPs first ... first+count-1 into calls, count x n, row-major: 0, 1 or 2
 * copies of allele 1, 3 = missing. Several threads call it at the same time. */
struct snp_source {
    const void *context;
    int (*read)(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err);
};

struct load_snps_args {
    struct run_status *status;
    const struct snp_source *source;
    const struct genotype_filter *filter;
    size_t n, first, count;
    struct genotype_counts *counts; /* written with x: who reads x may read it */
    bool is_single;                 /* x is float32 */
};

/* calls: scratch bytes, GRAM_SNP_TILE x n. x: GRAM_SNP_TILE x n numbers, of which n_kept rows are written.
 * heterozygosity: the tile's, a row of n doubles. */
int load_snps_submit(const struct load_snps_args *args, starpu_data_handle_t calls, starpu_data_handle_t x,
                     starpu_data_handle_t heterozygosity, struct error *err);

/* What a worker runs. buffers: calls, x, heterozygosity; cl_arg: struct load_snps_args, packed. */
void load_snps_cpu(void *buffers[], void *cl_arg);

#endif
