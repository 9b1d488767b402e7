/* Task: a tile of a form's lower triangle (model/orbits/form_factor.h). */
#ifndef ARETE_CODELETS_FORM_TILE_H
#define ARETE_CODELETS_FORM_TILE_H

#include "codelets/run_status.h"
#include "model/orbits/form_factor.h"

#include <starpu.h>
#include <stddef.h>

struct form_tile_args {
    struct run_status *status;
    struct form_factor factor;
    size_t row_part, column_part;
    float *form;
    size_t ld;
};

/* after: guards the factor's rows, and says that there is room for the tile; read. tile: guards the tile in
 * args->form, written. */
int form_tile_submit(const struct form_tile_args *args, const starpu_data_handle_t *after, size_t n_after,
                     starpu_data_handle_t tile, struct error *err);

#endif
