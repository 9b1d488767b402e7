/* Task: correlate a tile of SNPs with a tile of columns under all shifts, and keep the largest. */
#ifndef ARETE_CODELETS_CORRELATE_TILE_H
#define ARETE_CODELETS_CORRELATE_TILE_H

#include "codelets/run_status.h"
#include "model/univariate/orbit_maxima.h"

#include <starpu.h>

struct correlate_tile_args {
    struct run_status *status;
    const struct orbit_engine *engine;
    const size_t *n_pairs; /* of SNPs: read with `snps`; the tile itself may hold others by now */
    size_t n_groups;       /* of the columns */
    float *const *largest; /* one array a worker, by starpu_worker_get_id: of every group of the block ... */
    size_t first_group;    /* ... and where those of these columns begin */
};

/* snps, columns: spectra, read. workspace: scratch floats, orbit_maxima_workspace. */
int correlate_tile_submit(const struct correlate_tile_args *args, starpu_data_handle_t snps,
                          starpu_data_handle_t columns, starpu_data_handle_t workspace, struct error *err);

/* What a worker runs. buffers: snps, columns, workspace; cl_arg: struct correlate_tile_args, packed. */
void correlate_tile_cpu(void *buffers[], void *cl_arg);

#endif
