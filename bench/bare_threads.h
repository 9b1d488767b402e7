/* Plain threads that share pieces of work: what the same work takes without StarPU. */
#ifndef ARETE_BENCH_BARE_THREADS_H
#define ARETE_BENCH_BARE_THREADS_H

#include "base/error.h"

#include <stddef.h>

/* What the threads do. compute: one piece, with the thread's own buffers. */
struct bare_work {
    size_t n_pieces;
    void (*compute)(void *buffers, size_t piece);
};

/* A thread for each element of buffers, of `size` bytes each; each takes the next piece whenever it has
 * finished one. seconds: wall, of it all. */
int bare_threads_run(const struct bare_work *work, void *buffers, size_t n_threads, size_t size,
                     double *seconds, struct error *err);

#endif
