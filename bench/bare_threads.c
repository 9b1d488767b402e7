#include "bare_threads.h"

#include "base/clock.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct bare_thread {
    const struct bare_work *work;
    void *buffers;
    atomic_size_t *next;
    pthread_t thread;
};

static void *take_pieces(void *argument)
{
    const struct bare_thread *self = argument;
    for (size_t piece; (piece = atomic_fetch_add(self->next, 1)) < self->work->n_pieces;)
        self->work->compute(self->buffers, piece);
    return NULL;
}

int bare_threads_run(const struct bare_work *work, void *buffers, size_t n_threads, size_t size,
                     double *seconds, struct error *err)
{
    atomic_size_t next = 0;
    size_t n_started = 0;
    struct bare_thread *threads = memory_zeroed(n_threads, sizeof *threads, "threads", err);
    if (threads == NULL)
        return err->code;
    double start = clock_seconds();
    for (size_t i = 0; i < n_threads && err->code == 0; i++) {
        threads[i] = (struct bare_thread){work, (char *)buffers + i * size, &next, 0};
        int code = pthread_create(&threads[i].thread, NULL, take_pieces, &threads[i]);
        if (code == 0)
            n_started++;
        else
            error_set(err, EXIT_CODE_FAILED, "cannot start a thread: %s", strerror(code));
    }
    for (size_t i = 0; i < n_started; i++)
        pthread_join(threads[i].thread, NULL);
    *seconds = clock_seconds() - start;
    free(threads);
    return err->code;
}
