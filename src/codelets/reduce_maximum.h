/* Task: the largest r^2 of 16 columns under all shifts, from what each worker has found. */
#ifndef ARETE_CODELETS_REDUCE_MAXIMUM_H
#define ARETE_CODELETS_REDUCE_MAXIMUM_H

#include "codelets/run_status.h"
#include "model/univariate/orbit_maxima.h"

#include <starpu.h>

struct reduce_maximum_args {
    struct run_status *status;
    const struct orbit_engine *engine;
    const float *basis;       /* spectra of the columns of Qz, as rows */
    size_t n_basis;           /* c */
    float *const *largest;    /* of n_workers: as in correlate_tile_args. The first one's is overwritten */
    size_t n_workers, group;  /* of the block ... */
    size_t tile_group;        /* ... and of the columns' tile */
    float *rows;              /* where r^2 goes: a row of S a column ... */
    size_t n_rows, n_columns; /* ... n_rows <= 16, of which those beyond n_columns become NaN */
};

/* columns: the tile's spectra, read. workspace: scratch floats, reduce_maximum_workspace. */
int reduce_maximum_submit(const struct reduce_maximum_args *args, starpu_data_handle_t columns,
                          starpu_data_handle_t workspace, struct error *err);

size_t reduce_maximum_workspace(const struct orbit_engine *engine);

/* What a worker runs. buffers: columns, workspace; cl_arg: struct reduce_maximum_args, packed. */
void reduce_maximum_cpu(void *buffers[], void *cl_arg);

#endif
