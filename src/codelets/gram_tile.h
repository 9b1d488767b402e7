/* Task: add one tile of SNPs to one tile of K. */
#ifndef ARETE_CODELETS_GRAM_TILE_H
#define ARETE_CODELETS_GRAM_TILE_H

#include "codelets/run_status.h"
#include "model/kinship/genotype.h"

#include <starpu.h>
#include <stddef.h>

struct gram_tile_args {
    struct run_status *status;
    const struct genotype_counts *counts; /* of the SNP tile: how many rows of x there are */
    size_t n, first_row, n_rows, first_column, n_columns;
    bool add; /* to what the chunk holds; false for the first tile of a chunk */
};

/* x: the SNP tile. chunk: the tile of K that this chunk sums into. */
int gram_tile_submit(const struct gram_tile_args *args, starpu_data_handle_t x, starpu_data_handle_t chunk,
                     struct error *err);

#endif
