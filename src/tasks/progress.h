/* How a graph tells of its progress and learns that it should stop. All are called by the main thread. */
#ifndef ARETE_TASKS_PROGRESS_H
#define ARETE_TASKS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress_sink {
    void (*update)(void *context, int64_t done, int64_t total); /* a few times a second */
    void *context;
    bool (*stop_requested)(void *context); /* polled as often; NULL = never */
    void (*stopping)(void *context,
                     int64_t n_in_flight); /* once: units that are still finished and saved; may be NULL */
};

/* Whether the run has been asked to stop. */
static inline bool progress_stop_requested(const struct progress_sink *progress)
{
    return progress->stop_requested != NULL && progress->stop_requested(progress->context);
}

#endif
