/* The processes ("ranks") of a run and the machines they stand on.
 *
 * A run that no MPI launcher started is a run of one rank: MPI is not even initialised, and every function
 * of this room does what one rank needs. Under mpirun or srun each rank has a watcher (watch.h) that tells
 * the others of failures, stops and progress, and ends the process when a rank is lost. Calls marked
 * "collective" are made by all ranks, in the same order, by the main thread; none of them waits for a rank
 * that has failed. */
#ifndef ARETE_RANKS_RANKS_H
#define ARETE_RANKS_RANKS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RANKS_HOST_BYTES = 64 };

struct ranks {
    int rank, size;
    int machine, n_machines; /* machines count from 0 in the order of their first rank */
    int local, n_local;      /* this rank among those of its machine */
    int *machine_of;         /* size */
    int *dealt;              /* size: the ranks dealt over the machines in turn, rank 0 first */
    int n_hosts;             /* this and the next stay when ranks_separate makes a machine of every rank */
    bool first_on_host;
    char host[RANKS_HOST_BYTES];
    bool ended;                    /* an error has been agreed on: collective calls do nothing any more */
    struct connection *connection; /* NULL when alone */
};

/* Joins the other ranks when a launcher started this process. Ranks of a machine that may use the
 * same cores are each bound to their share of them; a rank that the launcher gave cores of its own keeps
 * them. After a failure only ranks_close may follow. */
int ranks_open(struct ranks *ranks, struct error *err);

/* From here on every rank counts as a machine of its own: nothing is shared. Collective. */
int ranks_separate(struct ranks *ranks, struct error *err);

/* Cores of the computer this process runs on, whoever may use them. */
int ranks_cores_of_host(void);

/* Ends what ranks_open began. Collective, after success or an error that all ranks agreed on. `code` is the
 * exit code of the process, which MPI's end cannot change even if the network fails in this very moment. */
void ranks_close(struct ranks *ranks, int code);

/* Ends the process at once, without MPI's own end: after an error that other ranks heard of from the watcher,
 * when messages may be under way for ever. Files must be closed. Every rank comes here, or its watcher ends
 * it. */
_Noreturn void ranks_leave(struct ranks *ranks, int code);

#endif
