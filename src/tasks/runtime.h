/* StarPU's start and end, its workers, and waiting for tasks. */
#ifndef ARETE_TASKS_RUNTIME_H
#define ARETE_TASKS_RUNTIME_H

#include "base/error.h"
#include "tasks/progress.h"

#include <stdbool.h>

struct runtime {
    struct run_status *status; /* shared by all tasks */
    int n_workers;
    int n_cores;      /* of this machine, as far as this process may use them */
    int most_workers; /* that this build of StarPU can have in one process */
    char *home;       /* a temporary folder for StarPU's own files; NULL when the environment names one */
};

/* How many workers runtime_start would start when asked for `workers` (0 = one a core, at most what StarPU
 * was built for). */
int runtime_worker_count(int workers);

/* Starts `workers` CPU workers (0 = one a core, at most what StarPU was built for), each with single-threaded
 * BLAS. */
int runtime_start(struct runtime *runtime, int workers, struct error *err);
/* Waits for the tasks that were submitted; the first error of any of them is returned. When `progress` asks
 * to stop, tasks that have not begun do nothing, and the error says `interrupted` with EXIT_CODE_STOPPED;
 * progress NULL = wait to the end. */
int runtime_wait(struct runtime *runtime, const struct progress_sink *progress, const char *interrupted,
                 struct error *err);
/* Idle workers spin; between pause and resume they sleep (while the main thread computes alone). */
void runtime_pause(struct runtime *runtime);
void runtime_resume(struct runtime *runtime);
/* Ends StarPU. Safe after a failed start. */
void runtime_stop(struct runtime *runtime);

/* Seconds on a clock that only goes forward. */
double runtime_seconds(void);

#endif
