/* StarPU's start and end, its workers, and waiting for tasks. */
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
    int n_cores;      /* of this machine, as far as this process may use them */
    int most_workers; /* that this build of StarPU can have in one process */
    char *home;       /* a temporary folder for StarPU's own files; NULL when the environment names one */
    /* With several ranks: called when a graph failed in this one or another, and tasks may be left that wait
     * for messages for ever. Tells the user and ends the process. */
    void (*abandon)(void *context, const struct error *err);
    void *abandon_context;
};

/* How many workers runtime_start would start when asked for `workers` (0 = one a core, at most what StarPU
 * was built for). */
int runtime_worker_count(int workers);

/* Starts `workers` CPU workers (0 = one a core, at most what StarPU was built for), each with single-threaded
 * BLAS; with several ranks StarPU-MPI as well, in all of them or, when one fails, in none (a place to agree
 * on an error as agree_outcome is). `abandon` and its context are set by the caller afterwards. */
int runtime_start(struct runtime *runtime, struct ranks *ranks, int workers, struct error *err);
/* Ends a graph: waits for the tasks that were submitted. An error that err brings (of submitting) or that any
 * task had is the result; a task's comes first. When `progress` asks to stop, tasks that have not begun do
 * nothing, and the error says `interrupted` with EXIT_CODE_STOPPED; progress NULL = wait to the end. With
 * several ranks any such error, also of another rank, ends the process by runtime->abandon. */
int runtime_wait(struct runtime *runtime, const struct progress_sink *progress, const char *interrupted,
                 struct error *err);
/* Waits until at most `most` tasks are left, or the run has failed; to be called while submitting. */
void runtime_wait_for_room(struct runtime *runtime, int most, const struct progress_sink *progress,
                           const char *interrupted);
/* Takes over another rank's failure, so that tasks that have not begun do nothing. For loops that wait. */
void runtime_hear(struct runtime *runtime);
/* Idle workers spin; between pause and resume they sleep (while the main thread computes alone). */
void runtime_pause(struct runtime *runtime);
void runtime_resume(struct runtime *runtime);
/* Ends StarPU. Safe after a failed start. */
void runtime_stop(struct runtime *runtime);

#endif
