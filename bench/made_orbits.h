/* A study of the reference kind in orbits, filled with plausible random numbers, and its column tiles by
 * plain calls: what arrange_targets, orbit_batch and reduce_orbit do, without tasks. */
#ifndef ARETE_BENCH_MADE_ORBITS_H
#define ARETE_BENCH_MADE_ORBITS_H

#include "made_study.h"
#include "model/orbits/orbit_reduce.h"
#include "model/orbits/orbit_tiling.h"
#include "tasks/study_forms.h"

#include <stddef.h>
#include <stdint.h>

struct made_orbits {
    size_t n;
    struct permutation_scheme blocks;
    struct orbit_scheme scheme;
    struct orbit_engine engine;
    struct study_forms forms; /* 10 folds; StarPU must run: its handles are registered */
    struct penalty_nodes nodes;
    struct orbit_tiling tiling;
    float *targets;           /* n x T */
    int32_t *outer;           /* n */
    double *error, *baseline; /* as struct orbit_reduce has them */
    struct orbit_reduce reduce;
};

/* Safe to free after a failure. */
int made_orbits_init(struct made_orbits *made, struct ranks *ranks, size_t n, size_t n_targets,
                     size_t n_penalties, struct error *err);
void made_orbits_free(struct made_orbits *made, struct ranks *ranks);

/* The units of tile number 0, 1, ...: none of the identity's orbit, whose tolerances are measured too. */
struct orbit_span made_orbits_span(const struct made_orbits *made, size_t tile);
/* Of a tile, full or not. */
size_t made_orbits_rows(const struct made_orbits *made);
size_t made_orbits_groups(const struct made_orbits *made);

/* Buffers of one tile; one for each thread. rows: rows x S scores. */
struct orbit_tile_buffers {
    const struct made_orbits *made;
    uint32_t *orders;
    float *arranged, *workspace, *spectra, *sums, *rows;
    double *doubles;
};
int orbit_tile_buffers_init(struct orbit_tile_buffers *buffers, const struct made_orbits *made,
                            struct error *err);
void orbit_tile_buffers_free(struct orbit_tile_buffers *buffers);

/* From targets to scores. thread: its struct orbit_tile_buffers. */
void made_orbits_tile(void *thread, size_t tile);

/* `n_tiles` tiles on bare threads; wall seconds of it all. */
int made_orbits_on_threads(const struct made_orbits *made, size_t n_tiles, size_t n_threads, double *seconds,
                           struct error *err);

#endif
