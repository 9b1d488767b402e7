/* Starting and ending StarPU, its workers, and waiting for tasks. */
#ifndef ARETE_TASKS_RUNTIME_H
#define ARETE_TASKS_RUNTIME_H

#include "base/error.h"
#include "ranks/ranks.h"
#include "tasks/progress.h"

#include <stdbool.h>

struct runtime {
    struct run_status *status; /* shared by all tasks */
    struct ranks *ranks;       /* the caller's */
    int n_workers;
    int n_cores;      /* that this process may use */
    int most_workers; /* the largest number that this build of StarPU allows in one process */
    /* Called with several ranks when a graph has failed, in this rank or another. Tasks may then wait for
     * ever for messages that never come, so this tells the user and ends the process. */
    void (*abandon)(void *context, const struct error *err);
    void *abandon_context;
};

/* How many workers runtime_start would start when asked for `workers`. 0 = one for each core, but no more
 * than this build of StarPU allows. */
int runtime_worker_count(int workers);

/* Starts StarPU with `workers` CPU workers (0 as above), each with single-threaded BLAS. With several ranks
 * it starts StarPU-MPI too: in all ranks or, if one fails, in none; the outcome is agreed on, as by
 * collectives_agree. The caller sets `abandon` and its context afterwards. Collective. */
int runtime_start(struct runtime *runtime, struct ranks *ranks, int workers, struct error *err);
/* Waits for all tasks of a graph. err may already hold an error of submitting them. The result is the first
 * error of a task, else that one.
 *
 * When `progress` asks to stop, tasks that have not begun do nothing; the error is EXIT_CODE_STOPPED and says
 * `interrupted`, what was being done. progress NULL = wait to the end. With several ranks an error, also of
 * another rank, ends the process by runtime->abandon. */
int runtime_wait(struct runtime *runtime, const struct progress_sink *progress, const char *interrupted,
                 struct error *err);
/* When `progress` asks to stop it is told that this was heard (`stopping`, once), and tasks that have not
 * begun do nothing from then on, as above. For loops that submit tasks. */
void runtime_heed_stop(struct runtime *runtime, const struct progress_sink *progress,
                       const char *interrupted);
/* Waits until at most `most` tasks are left to run, or the run has failed. For a loop that submits tasks. */
void runtime_wait_for_room(struct runtime *runtime, int most, const struct progress_sink *progress,
                           const char *interrupted);
/* If another rank has failed, takes its failure over, so that tasks that have not begun do nothing. For loops
 * that wait. */
void runtime_adopt_failure(struct runtime *runtime);
/* Idle workers spin and slow the main thread down. Between pause and resume they sleep: for work that the
 * main thread does alone. */
void runtime_pause(struct runtime *runtime);
void runtime_resume(struct runtime *runtime);
/* Ends StarPU. Safe after a failed start. Collective. */
void runtime_stop(struct runtime *runtime);

#endif
