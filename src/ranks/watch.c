#include "ranks/watch.h"

#include "ranks/connection.h"

int64_t watch_report_done(struct ranks *ranks, int64_t done)
{
    if (ranks->connection == NULL)
        return done;
    struct watcher *watcher = &ranks->connection->watcher;
    atomic_store(&watcher->own_done, done);
    return ranks->rank == 0 ? atomic_load(&watcher->others_done) + done : done;
}

void watch_for_stop(struct ranks *ranks, bool (*asked)(void *context), void *context)
{
    if (ranks->connection == NULL)
        return;
    struct watcher *watcher = &ranks->connection->watcher;
    pthread_mutex_lock(&watcher->mutex);
    watcher->stop_asked = asked;
    watcher->stop_context = context;
    pthread_mutex_unlock(&watcher->mutex);
}

bool watch_stop_requested(const struct ranks *ranks)
{
    return ranks->connection != NULL && atomic_load(&ranks->connection->watcher.stop);
}

void watch_post_failure(struct ranks *ranks, const struct error *err)
{
    if (ranks->connection == NULL)
        return;
    struct watcher *watcher = &ranks->connection->watcher;
    pthread_mutex_lock(&watcher->mutex);
    if (watcher->failure.code == 0) {
        watcher->failure = *err;
        if (ranks->rank != 0 && err->code != EXIT_CODE_STOPPED)
            error_append(&watcher->failure, " (rank %d on %s)", ranks->rank, ranks->host);
    }
    pthread_mutex_unlock(&watcher->mutex);
    atomic_store(&watcher->failed, true);
}

bool watch_failed(const struct ranks *ranks)
{
    return ranks->connection != NULL && atomic_load(&ranks->connection->watcher.failed);
}

int watch_failure(const struct ranks *ranks, struct error *err)
{
    struct watcher *watcher = &ranks->connection->watcher;
    pthread_mutex_lock(&watcher->mutex);
    *err = watcher->failure;
    pthread_mutex_unlock(&watcher->mutex);
    return err->code;
}
