/* How a graph tells of its progress, and how long it may go without. */
#ifndef ARETE_TASKS_PROGRESS_H
#define ARETE_TASKS_PROGRESS_H

#include <stdint.h>

struct progress_sink {
    void (*update)(void *context, int64_t done,
                   int64_t total); /* called by the main thread, a few times a second */
    void *context;
};

#endif
