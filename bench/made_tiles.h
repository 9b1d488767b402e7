/* Whole column tiles of a made study, computed by plain calls: what ridge_batch's tasks do, without tasks. */
#ifndef ARETE_BENCH_MADE_TILES_H
#define ARETE_BENCH_MADE_TILES_H

#include "made_study.h"

/* Buffers of one tile; one for each thread. */
struct tile_buffers {
    float *gathered, *workspace, *baseline, *score, **sums;
    uint32_t *orders;
    size_t n_penalties;
};

int tile_buffers_init(struct tile_buffers *buffers, const struct made_study *study, struct error *err);
void tile_buffers_free(struct tile_buffers *buffers);

/* Seconds that the calling thread computed in each part. */
struct tile_seconds {
    double gather, ridge, baseline, score;
};

/* Slice 0 of a unit, from targets to scores. */
void made_tile_compute(const struct made_study *study, uint64_t first_permutation,
                       struct tile_buffers *buffers, struct tile_seconds *seconds);

/* `n_tiles` tiles on bare threads that take the next one each time; wall seconds of it all. */
int made_tiles_on_threads(const struct made_study *study, size_t n_tiles, size_t n_threads, double *seconds,
                          struct error *err);

#endif
