/* The watcher's thread (ranks/watch.h says what it is for). Only for ranks/. */
#ifndef ARETE_RANKS_WATCHER_H
#define ARETE_RANKS_WATCHER_H

#include "ranks/ranks.h"

#include <mpi.h>
#include <pthread.h>
#include <stdatomic.h>

enum { WATCHER_MESSAGE_BYTES = 1000 };

/* A message to rank 0 about the sender, or from rank 0 about all ranks. Sent as bytes. */
struct heartbeat {
    int64_t done;    /* progress */
    int32_t code;    /* of the first failure; 0 = none */
    int32_t stop;    /* 1 = asked to stop */
    int32_t leaving; /* 1 = the main thread has come to its end; from rank 0: those of all ranks have */
    int32_t padding;
    char message[WATCHER_MESSAGE_BYTES];
};

/* Another rank that this one exchanges messages with: rank 0 with all, the others with rank 0. */
struct peer {
    int rank;
    struct heartbeat sent, heard; /* the last ones; `sent` may not change while `request` is pending */
    MPI_Request request;
    bool has_sent_last; /* the last message of all is sent */
    double silence_s;   /* since it was last heard */
};

struct watcher {
    MPI_Comm comm;
    pthread_t thread;
    bool is_running;
    int rank, size;
    char host[RANKS_HOST_BYTES];
    struct peer *peers;
    size_t n_peers;
    atomic_llong own_done, others_done; /* progress; of the others only rank 0 knows */
    atomic_bool own_stop, stop, own_leaving, failed;
    pthread_mutex_t mutex;             /* guards what follows but for failed_s */
    bool (*stop_asked)(void *context); /* NULL while there is nobody to ask */
    void *stop_context;
    struct error failure; /* the first one, of any rank */
    double failed_s;      /* how long the failure has been known */
};

int watcher_start(struct watcher *watcher, const struct ranks *ranks, struct error *err);
/* Tells the others that this rank's main thread has come to its end, and waits until theirs have. */
void watcher_end(struct watcher *watcher);

#endif
