/* How many buffers the graphs of tasks keep. Said here once: the graphs allocate them, and the plan counts
 * their memory. */
#ifndef ARETE_PLANNING_BUFFERS_H
#define ARETE_PLANNING_BUFFERS_H

#include <math.h>
#include <stddef.h>

enum {
    BUFFERS_SPARE_SNP_TILES = 2,    /* SNP tiles beyond one for each worker: read while the others are used */
    BUFFERS_SPARE_COLUMN_TILES = 2, /* column tiles likewise */
    BUFFERS_ORBIT_TILES = 3,        /* of orbits: one is arranged, one multiplied, one reduced */
    BUFFERS_MOST_BANDS = 1000,
    BUFFERS_BLOCKS = 2 /* blocks of permutations: one is saved while the next is computed */
};

/* Bands of frequencies that an orbit's forms are cut into: of a full tile, which takes tile_flops, a band is
 * a tenth of a second of one core. */
static inline size_t buffers_orbit_bands(double tile_flops, size_t n_frequencies)
{
    const double band_flops = 1e10;
    double bands = ceil(tile_flops / band_flops);
    return (size_t)fmax(fmin(bands, fmin(BUFFERS_MOST_BANDS, (double)n_frequencies)), 1);
}

/* One tile's bands keep all workers busy while another's columns are reduced and a third's are arranged;
 * where there are few bands, a tile a worker. */
static inline size_t buffers_orbit_tiles(size_t n_bands, size_t n_workers)
{
    return n_bands >= 2 * n_workers ? BUFFERS_ORBIT_TILES : n_workers + BUFFERS_SPARE_COLUMN_TILES;
}

/* Folds whose forms are built at the same time: one for each worker, and one that is transformed while the
 * next is begun; of many people 2, whose pieces are enough for all workers. Of n_folds that can be, because P
 * is there. */
enum { BUFFERS_FEW_FORMS_SUBJECTS = 4096, BUFFERS_FEW_FORMS = 2 };
static inline size_t buffers_form_slots(size_t n, size_t n_workers, size_t n_folds)
{
    size_t most = n < BUFFERS_FEW_FORMS_SUBJECTS ? n_workers + 1 : BUFFERS_FEW_FORMS;
    return most < n_folds ? most : n_folds;
}

#endif
