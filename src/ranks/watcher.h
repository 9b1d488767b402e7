/* The watcher's thread. Only for ranks/. */
#ifndef ARETE_RANKS_WATCHER_H
#define ARETE_RANKS_WATCHER_H

#include "ranks/ranks.h"

#include <mpi.h>
#include <pthread.h>
#include <stdatomic.h>

enum { WATCHER_MESSAGE_BYTES = 1000 };

/* What a rank tells rank 0 of itself, and rank 0 all others of the whole. */
struct beat {
    int64_t done;
    int32_t code; /* of the first failure; 0 = none */
    int32_t stop;
    int32_t leaving; /* its main thread has come to the end; from rank 0: those of all ranks have */
    int32_t padding;
    char message[WATCHER_MESSAGE_BYTES];
};

/* Rank 0 has one for each other rank, the others one for rank 0. */
struct peer {
    int rank;
    struct beat sent, heard; /* sent: untouched while the request is pending */
    MPI_Request request;
    bool has_sent_last;
    double silence_s;
};

typedef bool (*stop_question)(void *context);

struct watcher {
    MPI_Comm comm;
    pthread_t thread;
    bool is_running;
    int rank, size;
    char host[RANKS_HOST_BYTES];
    struct peer *peers;
    size_t n_peers;
    atomic_llong own_done, others_done;
    _Atomic(stop_question) stop_asked; /* NULL until there is somebody to ask */
    void *stop_context;
    atomic_bool own_stop, stop, own_leaving, failed;
    pthread_mutex_t mutex; /* guards `failure` */
    struct error failure;  /* the first one, of any rank */
    double failed_s;       /* how long the failure has been known */
};

int watcher_start(struct watcher *watcher, const struct ranks *ranks, struct error *err);
/* Says that this rank's main thread has come to its end, and waits until those of all others have. */
void watcher_end(struct watcher *watcher);

#endif
