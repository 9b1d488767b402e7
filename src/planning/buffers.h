/* How many buffers the graphs of tasks keep. Said here once: the graphs allocate them, and the plan counts
 * their memory. */
#ifndef ARETE_PLANNING_BUFFERS_H
#define ARETE_PLANNING_BUFFERS_H

enum {
    BUFFERS_SPARE_SNP_TILES = 2,    /* SNP tiles beyond one for each worker: read while the others are used */
    BUFFERS_SPARE_COLUMN_TILES = 2, /* column tiles likewise */
    BUFFERS_BLOCKS = 2              /* blocks of permutations: one is saved while the next is computed */
};

#endif
