/* Task: add what one tile of SNPs contributes to one tile of K. */
#ifndef ARETE_CODELETS_GRAM_TILE_H
#define ARETE_CODELETS_GRAM_TILE_H

#include "codelets/run_status.h"
#include "model/kinship/genotype.h"

#include <starpu.h>
#include <stddef.h>

struct gram_tile_args {
    struct run_status *status;
    const struct genotype_counts *counts;                 /* of the SNP tile: x has counts->n_kept rows */
    size_t n, first_row, n_rows, first_column, n_columns; /* the tile of K, n x n */
    bool add;       /* false: overwrite, for the first SNP tile of a chunk */
    bool is_single; /* x is float32 */
};

/* x: the SNP tile, read. chunk: the tile of this chunk's K, written or added to. workspace: scratch,
 * GRAM_SUBJECT_TILE^2 floats, used if x is float32. */
int gram_tile_submit(const struct gram_tile_args *args, starpu_data_handle_t x, starpu_data_handle_t chunk,
                     starpu_data_handle_t workspace, struct error *err);

/* What a worker runs. buffers: x, chunk, workspace; cl_arg: struct gram_tile_args, packed. */
void gram_tile_cpu(void *buffers[], void *cl_arg);

#endif
