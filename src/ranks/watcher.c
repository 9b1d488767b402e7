#include "ranks/watcher.h"

#include "ranks/watch.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/same_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TAG_HEARTBEAT = 1 };

/* How long the last message of a process that ends may take to reach the others. */
static const double farewell_s = 10;

/* About ten times a second; less often with very many ranks, so that rank 0 keeps up. */
static void sleep_a_tick(const struct watcher *watcher)
{
    long ms = 100 + watcher->size / 10;
    struct timespec tick = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&tick, NULL);
}

static void keep_failure(struct watcher *watcher, int code, const char *message)
{
    pthread_mutex_lock(&watcher->mutex);
    if (watcher->failure.code == 0)
        error_set(&watcher->failure, code, "%s", message);
    pthread_mutex_unlock(&watcher->mutex);
    atomic_store(&watcher->failed, true);
}

static void print_failure(struct watcher *watcher)
{
    pthread_mutex_lock(&watcher->mutex);
    fprintf(stderr, "\narete: %s\n", watcher->failure.message);
    pthread_mutex_unlock(&watcher->mutex);
    fflush(stderr);
}

static void send_heartbeat(struct watcher *watcher, struct peer *peer, bool last)
{
    int is_free = 1;
    if (peer->has_sent_last || MPI_Test(&peer->request, &is_free, MPI_STATUS_IGNORE) != MPI_SUCCESS ||
        !is_free)
        return;
    struct heartbeat *heartbeat = &peer->sent;
    *heartbeat = (struct heartbeat){.stop = watcher->rank == 0 ? atomic_load(&watcher->stop)
                                                               : atomic_load(&watcher->own_stop),
                                    .done = atomic_load(&watcher->own_done),
                                    .leaving = last};
    pthread_mutex_lock(&watcher->mutex);
    heartbeat->code = watcher->failure.code;
    memccpy(heartbeat->message, watcher->failure.message, '\0', sizeof heartbeat->message - 1);
    pthread_mutex_unlock(&watcher->mutex);
    MPI_Isend(heartbeat, sizeof *heartbeat, MPI_BYTE, peer->rank, TAG_HEARTBEAT, watcher->comm,
              &peer->request);
    peer->has_sent_last = last;
}

static void hear(struct watcher *watcher)
{
    for (;;) {
        int arrived = 0;
        MPI_Status status;
        if (MPI_Iprobe(MPI_ANY_SOURCE, TAG_HEARTBEAT, watcher->comm, &arrived, &status) != MPI_SUCCESS ||
            !arrived)
            return;
        struct peer *peer = &watcher->peers[watcher->rank == 0 ? status.MPI_SOURCE - 1 : 0];
        MPI_Recv(&peer->heard, sizeof peer->heard, MPI_BYTE, peer->rank, TAG_HEARTBEAT, watcher->comm,
                 MPI_STATUS_IGNORE);
        peer->silence_s = 0;
        if (peer->heard.stop)
            atomic_store(&watcher->stop, true);
        peer->heard.message[WATCHER_MESSAGE_BYTES - 1] = '\0';
        if (peer->heard.code != 0 && !atomic_load(&watcher->failed))
            keep_failure(watcher, peer->heard.code, peer->heard.message);
    }
}

static void look_for_stop(struct watcher *watcher)
{
    pthread_mutex_lock(&watcher->mutex); /* whoever is asked may be about to go */
    bool told = watcher->stop_asked != NULL && watcher->stop_asked(watcher->stop_context);
    pthread_mutex_unlock(&watcher->mutex);
    if (told) {
        atomic_store(&watcher->own_stop, true);
        atomic_store(&watcher->stop, true);
    }
}

static void add_up(struct watcher *watcher)
{
    long long others = 0;
    for (size_t k = 0; k < watcher->n_peers; k++)
        others += watcher->peers[k].heard.done;
    atomic_store(&watcher->others_done, others);
}

/* Ends the process, for waiting for a lost rank would last for ever. */
static _Noreturn void end_process(struct watcher *watcher)
{
    for (size_t k = 0; k < watcher->n_peers; k++)
        send_heartbeat(watcher, &watcher->peers[k], false);
    sleep_a_tick(watcher);
    hear(watcher); /* lets MPI send the last messages */
    sleep_a_tick(watcher);
    pthread_mutex_lock(&watcher->mutex);
    _exit(watcher->failure.code);
}

static _Noreturn void lose(struct watcher *watcher, const struct peer *peer)
{
    char message[256];
    snprintf(message, sizeof message,
             "rank %d has not been heard of for %d s by rank %d on %s: it was killed, or its network is cut; "
             "finished blocks are saved, and %s goes on",
             peer->rank, WATCH_SILENCE_S, watcher->rank, watcher->host, same_command_text());
    keep_failure(watcher, EXIT_CODE_RANK_LOST, message);
    print_failure(watcher);
    end_process(watcher);
}

static void look_for_silence(struct watcher *watcher, double elapsed_s)
{
    const double most_s = 1; /* longer, and this process was suspended itself */
    double counted_s = elapsed_s < most_s ? elapsed_s : most_s;
    for (size_t k = 0; k < watcher->n_peers; k++) {
        struct peer *peer = &watcher->peers[k];
        if (peer->heard.leaving)
            continue;
        peer->silence_s += counted_s;
        if (peer->silence_s > WATCH_SILENCE_S)
            lose(watcher, peer);
    }
    if (!atomic_load(&watcher->failed) || atomic_load(&watcher->own_leaving))
        return;
    watcher->failed_s += counted_s;
    if (watcher->failed_s > WATCH_PATIENCE_S) {
        if (watcher->rank == 0)
            print_failure(watcher);
        end_process(watcher);
    }
}

static bool all_leave(const struct watcher *watcher)
{
    bool all = atomic_load(&watcher->own_leaving);
    for (size_t k = 0; k < watcher->n_peers; k++)
        all = all && watcher->peers[k].heard.leaving;
    return all;
}

/* Whether every peer has been sent the last message. */
static bool all_told(struct watcher *watcher)
{
    bool all = true;
    for (size_t k = 0; k < watcher->n_peers; k++) {
        struct peer *peer = &watcher->peers[k];
        int sent = 0;
        MPI_Test(&peer->request, &sent, MPI_STATUS_IGNORE);
        all = all && peer->has_sent_last && sent;
    }
    return all;
}

static void *watch(void *argument)
{
    struct watcher *watcher = argument;
    double before = clock_seconds(), leaving_s = 0;
    for (;;) {
        hear(watcher);
        look_for_stop(watcher);
        add_up(watcher);
        bool leaving = atomic_load(&watcher->own_leaving), all = all_leave(watcher);
        for (size_t k = 0; k < watcher->n_peers; k++)
            send_heartbeat(watcher, &watcher->peers[k], watcher->rank == 0 ? all : leaving);
        double now = clock_seconds(), elapsed_s = now - before;
        before = now;
        look_for_silence(watcher, elapsed_s);
        leaving_s += leaving ? elapsed_s : 0;
        if ((all && all_told(watcher)) || (leaving_s > farewell_s && atomic_load(&watcher->failed)))
            return NULL;
        sleep_a_tick(watcher);
    }
}

static int init_peers(struct watcher *watcher, struct error *err)
{
    watcher->n_peers = watcher->rank == 0 ? (size_t)watcher->size - 1 : 1;
    watcher->peers = memory_zeroed(watcher->n_peers, sizeof *watcher->peers, "the other ranks", err);
    for (size_t k = 0; watcher->peers != NULL && k < watcher->n_peers; k++) {
        watcher->peers[k].rank = watcher->rank == 0 ? (int)k + 1 : 0;
        watcher->peers[k].request = MPI_REQUEST_NULL;
    }
    return err->code;
}

int watcher_start(struct watcher *watcher, const struct ranks *ranks, struct error *err)
{
    watcher->rank = ranks->rank;
    watcher->size = ranks->size;
    memcpy(watcher->host, ranks->host, sizeof watcher->host);
    if (init_peers(watcher, err) != 0)
        return err->code;
    int code = pthread_mutex_init(&watcher->mutex, NULL);
    if (code == 0)
        code = pthread_create(&watcher->thread, NULL, watch, watcher);
    if (code != 0)
        return error_set(err, EXIT_CODE_FAILED, "cannot start the thread that watches other ranks: %s",
                         strerror(code));
    watcher->is_running = true;
    return 0;
}

void watcher_end(struct watcher *watcher)
{
    if (watcher->is_running) {
        atomic_store(&watcher->own_leaving, true);
        pthread_join(watcher->thread, NULL);
        pthread_mutex_destroy(&watcher->mutex);
    }
    free(watcher->peers);
    watcher->peers = NULL;
    watcher->is_running = false;
}
