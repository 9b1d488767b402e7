/* How many buffers the graphs of tasks keep. Said here once: the graphs allocate them, and the plan counts
 * their memory. */
#ifndef ARETE_PLANNING_BUFFERS_H
#define ARETE_PLANNING_BUFFERS_H

#include <stddef.h>

enum {
    BUFFERS_SPARE_SNP_TILES = 2,    /* SNP tiles beyond one for each worker: read while the others are used */
    BUFFERS_SPARE_COLUMN_TILES = 2, /* column tiles likewise */
    BUFFERS_BLOCKS = 2              /* blocks of permutations: one is saved while the next is computed */
};

/* Folds whose forms are built at the same time: one for each worker, and one that is transformed while the
 * next is built; of n_folds that can be, because P is there. Each takes two n x n matrices. */
static inline size_t buffers_form_slots(size_t n_workers, size_t n_folds)
{
    return n_workers + 1 < n_folds ? n_workers + 1 : n_folds;
}

#endif
