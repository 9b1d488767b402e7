/* Task: a band of frequencies of all forms, for a tile of columns: the ridge batch of orbits, and nearly all
 * flops of a study. */
#ifndef ARETE_CODELETS_ORBIT_BATCH_H
#define ARETE_CODELETS_ORBIT_BATCH_H

#include "codelets/run_status.h"
#include "model/orbits/orbit_tile.h"

#include <starpu.h>
#include <stddef.h>

struct orbit_batch_args {
    struct run_status *status;
    const struct orbit_engine *engine;
    const struct orbit_forms *forms;
    struct orbit_band band;
    size_t n_groups; /* of the tile's columns */
    float *sums;     /* of the tile; no other task writes those of this band */
};

/* coefficients: the band's, read. spectra: of the tile's groups, read. workspace: scratch floats,
 * orbit_tile_workspace. sums: guards the band's, written. */
int orbit_batch_submit(const struct orbit_batch_args *args, starpu_data_handle_t coefficients,
                       starpu_data_handle_t spectra, starpu_data_handle_t workspace,
                       starpu_data_handle_t sums, int priority, struct error *err);

#endif
