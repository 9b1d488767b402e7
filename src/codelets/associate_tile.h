/* Task: correlate a tile of SNPs with some targets, and keep what is worth keeping. */
#ifndef ARETE_CODELETS_ASSOCIATE_TILE_H
#define ARETE_CODELETS_ASSOCIATE_TILE_H

#include "codelets/run_status.h"
#include "model/univariate/pair_scan.h"

#include <starpu.h>

/* Targets of which every pair is kept. */
struct associate_full {
    size_t count;
    const uint32_t *target; /* count: which */
    double *r;              /* count x n_variants; only tested variants are written */
    size_t n_variants;
};

struct associate_tile_args {
    struct run_status *status;
    const struct snp_tile *tile; /* read with `rounded` */
    const struct pair_targets *targets;
    size_t first, count;               /* which of the targets */
    struct associations *associations; /* one a worker, by starpu_worker_get_id */
    const struct associate_full *full; /* NULL: another task of the tile has them */
    struct snp_counts *counts;         /* where the tile's go; NULL likewise */
};

/* rounded: the tile's, read. products: scratch floats, SNP_TILE x PAIR_STRIP. */
int associate_tile_submit(const struct associate_tile_args *args, starpu_data_handle_t rounded,
                          starpu_data_handle_t products, struct error *err);

/* What a worker runs. buffers: rounded, products; cl_arg: struct associate_tile_args, packed. */
void associate_tile_cpu(void *buffers[], void *cl_arg);

#endif
