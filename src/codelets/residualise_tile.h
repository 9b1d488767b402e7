/* Task: read a tile of SNPs, filter it and take the covariates out of it. */
#ifndef ARETE_CODELETS_RESIDUALISE_TILE_H
#define ARETE_CODELETS_RESIDUALISE_TILE_H

#include "codelets/load_snps.h"
#include "codelets/run_status.h"
#include "model/univariate/snp_tile.h"

#include <starpu.h>

struct residualise_tile_args {
    struct run_status *status;
    const struct snp_source *source;
    const struct genotype_filter *filter;
    const struct covariates *covariates;
    size_t first, count;
    struct snp_tile *tile;   /* written with `rounded`: who reads that may read it ... */
    struct snp_facts *facts; /* ... and these, `count` of them */
};

/* calls: scratch bytes, SNP_TILE x n. rounded: the tile's SNP_TILE x n floats. */
int residualise_tile_submit(const struct residualise_tile_args *args, starpu_data_handle_t calls,
                            starpu_data_handle_t rounded, struct error *err);

/* What a worker runs. buffers: calls, rounded; cl_arg: struct residualise_tile_args, packed. */
void residualise_tile_cpu(void *buffers[], void *cl_arg);

#endif
