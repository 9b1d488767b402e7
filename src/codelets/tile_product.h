/* Task: a tile of P(lambda) = W diag(lambda/(s + lambda)) W'. */
#ifndef ARETE_CODELETS_TILE_PRODUCT_H
#define ARETE_CODELETS_TILE_PRODUCT_H

#include "codelets/run_status.h"
#include "model/ridge/svd.h"

#include <starpu.h>
#include <stddef.h>

struct tile_product_args {
    struct run_status *status;
    const struct svd *svd;
    double penalty;
    size_t first_row, n_rows, first_column, n_columns;
    double *p; /* P, n x n; the tile and its mirror image are written */
};

/* vectors: the handle that guards args->svd, read. workspace: scratch doubles, rank x n_rows. tile: the
 * handle that guards the tile, written. */
int tile_product_submit(const struct tile_product_args *args, starpu_data_handle_t vectors,
                        starpu_data_handle_t workspace, starpu_data_handle_t tile, struct error *err);

/* What a worker runs. buffers: vectors, not looked at, then workspace; cl_arg: struct tile_product_args,
 * packed. */
void tile_product_cpu(void *buffers[], void *cl_arg);

#endif
