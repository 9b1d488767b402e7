/* Task: the spectra of a tile of SNPs, along the sequences of an orbit. */
#ifndef ARETE_CODELETS_TRANSFORM_TILE_H
#define ARETE_CODELETS_TRANSFORM_TILE_H

#include "codelets/run_status.h"
#include "model/univariate/orbit_maxima.h"
#include "model/univariate/snp_tile.h"

#include <starpu.h>

struct transform_tile_args {
    struct run_status *status;
    const struct orbit_engine *engine;
    const struct snp_tile *tile; /* read with `rounded` */
    size_t *n_pairs;             /* of SNPs in the spectra: written with them */
};

/* rounded: the tile's, read. workspace: scratch floats, orbit_maxima_workspace. spectra: of the tile,
 * written. */
int transform_tile_submit(const struct transform_tile_args *args, starpu_data_handle_t rounded,
                          starpu_data_handle_t workspace, starpu_data_handle_t spectra, struct error *err);

/* What a worker runs. buffers: rounded, workspace, spectra; cl_arg: struct transform_tile_args, packed. */
void transform_tile_cpu(void *buffers[], void *cl_arg);

#endif
