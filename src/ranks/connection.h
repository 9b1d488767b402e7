/* The MPI communicators behind struct ranks. Only for ranks/ and tasks/exchange.c. */
#ifndef ARETE_RANKS_CONNECTION_H
#define ARETE_RANKS_CONNECTION_H

#include "ranks/ranks.h"
#include "ranks/watcher.h"

#include <mpi.h>

struct connection {
    MPI_Comm world;   /* all ranks, for ranks/collectives.h */
    MPI_Comm tasks;   /* all ranks, for StarPU-MPI */
    MPI_Comm machine; /* the ranks of this machine, in rank order */
    MPI_Comm leaders; /* the first rank of each machine, in their order; MPI_COMM_NULL in other ranks */
    struct watcher watcher;
    /* Of arrays that the ranks of the machine share (ranks/shared_memory.h), in their first rank: what there
     * was room for before the first of them, and what they take when all is written. */
    double room_bytes, promised_bytes;
};

/* Turns what an MPI function returned into an error. */
int connection_check(int code, const char *what, struct error *err);

/* The same where other ranks may be inside that call, or wait for what it would have sent: none of them would
 * come to the next collectives_agree, so their watchers are told. */
int connection_check_told(struct ranks *ranks, int code, const char *what, struct error *err);

/* Waits for a request. If a rank fails meanwhile, returns its error and leaves the request behind. bulk: much
 * data is being sent, so it looks more often. */
int connection_wait(struct ranks *ranks, MPI_Request *request, bool bulk, struct error *err);

/* Makes the communicators `machine` and `leaders` from ranks->machine_of, in place of earlier ones.
 * Collective. */
int connection_split(struct ranks *ranks, struct error *err);

#endif
