/* How a graph of tasks reports its progress and learns that it should stop. All calls come from the main
 * thread. */
#ifndef ARETE_TASKS_PROGRESS_H
#define ARETE_TASKS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress_sink {
    void (*update)(void *context, int64_t done, int64_t total); /* a few times a second */
    void *context;
    bool (*stop_requested)(void *context); /* asked as often; NULL = never stop */
    /* Called once when the graph stops: n_in_flight units are still being finished and saved, or none, and
     * what has begun is only waited for. May be NULL. */
    void (*stopping)(void *context, int64_t n_in_flight);
};

/* Whether the run has been asked to stop. */
static inline bool progress_stop_requested(const struct progress_sink *progress)
{
    return progress->stop_requested != NULL && progress->stop_requested(progress->context);
}

#endif
