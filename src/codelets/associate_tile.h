/* Task: correlate a tile of SNPs with some targets, and keep what is worth keeping. */
#ifndef ARETE_CODELETS_ASSOCIATE_TILE_H
#define ARETE_CODELETS_ASSOCIATE_TILE_H

#include "codelets/run_status.h"
#include "model/univariate/pair_scan.h"

#include <starpu.h>

/* Targets and SNPs of which every pair is kept. Only tested variants are written. */
struct associate_full {
    size_t n_targets, n_snps, n_variants, n_all_targets;
    const uint32_t *target; /* n_targets: which */
    const uint32_t *snp;    /* n_snps: which variants */
    double *target_r;       /* n_targets x n_variants */
    double *snp_r;          /* n_snps x n_all_targets */
};

struct associate_tile_args {
    struct run_status *status;
    const struct snp_tile *tile; /* read with `rounded` */
    const struct pair_targets *targets;
    size_t first, count;               /* which of the targets */
    struct associations *associations; /* one a worker, by starpu_worker_get_id */
    const struct associate_full *full;
    struct snp_counts *counts; /* where the tile's go; NULL: another task of the tile says */
};

/* rounded: the tile's, read. products: scratch floats, SNP_TILE x PAIR_STRIP. */
int associate_tile_submit(const struct associate_tile_args *args, starpu_data_handle_t rounded,
                          starpu_data_handle_t products, struct error *err);

/* What a worker runs. buffers: rounded, products; cl_arg: struct associate_tile_args, packed. */
void associate_tile_cpu(void *buffers[], void *cl_arg);

#endif
