/* The processes ("ranks") of a run and the machines that they run on.
 *
 * A run without an MPI launcher has one rank: MPI is not even initialised, and every function of this room
 * does what one rank needs. Under mpirun or srun each rank has a watcher (ranks/watch.h) that tells the
 * others of failures, requests to stop and progress, and ends the process when another rank is lost.
 *
 * Collective calls are made by the main threads of all ranks, in the same order. None of them waits for a
 * rank that has failed. */
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
    int local, n_local;      /* this rank's number among those of its machine, and how many these are */
    int *machine_of;         /* size: the machine of each rank */
    int *round_robin;        /* size: all ranks, one of each machine in turn, rank 0 first */
    int n_hosts;             /* computers; ranks_separate does not change this and the next */
    int n_host_cores; /* of this computer, those that its ranks may use, also beyond a binding of mpirun's */
    bool first_on_host; /* this rank is the first of its computer */
    char host[RANKS_HOST_BYTES];
    bool ended;                    /* an error has been agreed on: collective calls do nothing any more */
    struct connection *connection; /* NULL with one rank */
};

/* Joins the other ranks if a launcher started this process, and divides cores that several of them may use
 * (ranks/cores.h). After a failure only ranks_close may follow. Collective. */
int ranks_open(struct ranks *ranks, struct error *err);

/* Makes every rank a machine of its own from now on, so that nothing is shared. Collective. */
int ranks_separate(struct ranks *ranks, struct error *err);

/* Ends what ranks_open began, after success or after an error that all ranks agreed on. `code` is the exit
 * code of the process: if MPI's own end hangs or fails, the process still ends with it. Collective. */
void ranks_close(struct ranks *ranks, int code);

/* Ends the process at once and without MPI's own end. For an error that the watchers passed on, when messages
 * may stay under way for ever. The caller has closed all files. Every rank either calls this or is ended by
 * its watcher. */
_Noreturn void ranks_exit(struct ranks *ranks, int code);

#endif
