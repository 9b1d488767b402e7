/* Task: save a finished block of units in the campaign file. */
#ifndef ARETE_CODELETS_SAVE_BLOCK_H
#define ARETE_CODELETS_SAVE_BLOCK_H

#include "checkpoint/campaign.h"
#include "codelets/run_status.h"

#include <starpu.h>
#include <stddef.h>
#include <stdint.h>

/* Called by a worker once the block is on the disk, or if the run has failed. */
struct save_block_done {
    void (*call)(void *context);
    void *context;
};

struct save_block_args {
    struct run_status *status;
    struct campaign_units *units;
    int64_t first_unit, n_units;
    size_t n_tiles;
    const float *rows;       /* as campaign_units_save has them, guarded by the tiles' handles ... */
    const double *tolerance; /* ... and so is this. Either is NULL where units have none */
    struct save_block_done done;
};

/* tiles: n_tiles handles of floats or doubles that guard args->rows and args->tolerance, read. If one is
 * poisoned (codelets/run_status.h), nothing is saved. file: a handle without data, so that one block is saved
 * at a time. */
int save_block_submit(const struct save_block_args *args, const starpu_data_handle_t *tiles,
                      starpu_data_handle_t file, int priority, struct error *err);

/* What a worker runs. buffers: file, not looked at, then the tiles; cl_arg: struct save_block_args, packed.
 */
void save_block_cpu(void *buffers[], void *cl_arg);

#endif
