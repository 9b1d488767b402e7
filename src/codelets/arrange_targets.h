/* Task: the targets of a tile's columns in their orbits' arrangements, and the transforms of these columns
 * along the orbits' sequences. */
#ifndef ARETE_CODELETS_ARRANGE_TARGETS_H
#define ARETE_CODELETS_ARRANGE_TARGETS_H

#include "codelets/run_status.h"
#include "model/orbits/orbit_engine.h"
#include "model/orbits/orbit_tiling.h"

#include <starpu.h>
#include <stddef.h>

struct arrange_targets_args {
    struct run_status *status;
    const struct orbit_engine *engine;
    const struct orbit_tiling *tiling;
    struct orbit_span span;
};

/* Floats of workspace, for a tile of up to so many columns. */
size_t arrange_targets_workspace(const struct orbit_engine *engine, size_t columns);

/* targets: n x T float32. orders: scratch, 2n words. workspace: scratch floats. spectra: of the tile's
 * groups, written. */
int arrange_targets_submit(const struct arrange_targets_args *args, starpu_data_handle_t targets,
                           starpu_data_handle_t orders, starpu_data_handle_t workspace,
                           starpu_data_handle_t spectra, int priority, struct error *err);

#endif
