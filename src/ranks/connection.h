/* The MPI side of struct ranks. Only for ranks/ and tasks/. */
#ifndef ARETE_RANKS_CONNECTION_H
#define ARETE_RANKS_CONNECTION_H

#include "ranks/ranks.h"
#include "ranks/watcher.h"

#include <mpi.h>

struct connection {
    MPI_Comm world;   /* for agreement */
    MPI_Comm tasks;   /* for StarPU */
    MPI_Comm machine; /* the ranks of this machine, in rank order */
    MPI_Comm leaders; /* the first rank of each machine, in their order; MPI_COMM_NULL in other ranks */
    struct watcher watcher;
};

/* Turns what an MPI function returned into an error. */
int connection_check(int code, const char *what, struct error *err);

/* Waits for a request; returns the error of a rank that failed meanwhile, and then the request is left
 * behind. `bulk` = much data is under way: look often. */
int connection_wait(struct ranks *ranks, MPI_Request *request, bool bulk, struct error *err);

/* The communicators `machine` and `leaders` from ranks->machine_of; frees those that were. Collective. */
int connection_split(struct ranks *ranks, struct error *err);

#endif
