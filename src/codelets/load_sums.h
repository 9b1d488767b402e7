/* Task: what the passes before have added up for a block of units, read from the file of sums and held
 * against its CRCs. */
#ifndef ARETE_CODELETS_LOAD_SUMS_H
#define ARETE_CODELETS_LOAD_SUMS_H

#include "checkpoint/campaign.h"
#include "codelets/run_status.h"

#include <starpu.h>
#include <stdint.h>

struct load_sums_args {
    struct run_status *status;
    const struct campaign_units *units; /* of the sums, opened for reading */
    int64_t first_unit, n_units;
    float *rows;   /* as campaign_units_load fills them ... */
    double *state; /* ... and these */
};

/* block: guards args->rows and args->state, written. file: a handle without data, so that one block is read
 * at a time. */
int load_sums_submit(const struct load_sums_args *args, starpu_data_handle_t block, starpu_data_handle_t file,
                     int priority, struct error *err);

#endif
