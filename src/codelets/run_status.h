/* The state that all tasks of a run share: the first error wins, every task looks before it starts, and so a
 * poisoned DAG drains. StarPU itself propagates no error. */
#ifndef ARETE_CODELETS_RUN_STATUS_H
#define ARETE_CODELETS_RUN_STATUS_H

#include "base/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct run_status {
    atomic_bool failed;
    pthread_mutex_t mutex;
    struct error first;
};

int run_status_init(struct run_status *status, struct error *err);
void run_status_free(struct run_status *status);

bool run_status_failed(struct run_status *status);
/* Keeps the error if it is the first. Any thread. */
void run_status_fail(struct run_status *status, const struct error *err);
/* Ends the run early on request: tasks that have not started do nothing. EXIT_CODE_STOPPED, and what was
 * interrupted. */
void run_status_stop(struct run_status *status, const char *interrupted);
/* Copies the first error to err and returns its code; 0 when there is none. */
int run_status_result(struct run_status *status, struct error *err);

/* An array that a task of a failed run leaves unwritten, but that another rank may get as if it were: marked
 * as no arithmetic would leave it, so that who reads it knows. n >= 1 */
void run_status_poison(float *array);
bool run_status_poisoned(const float *array);

/* Turns what starpu_task_insert returned into an error. */
int run_status_inserted(int code, const char *task, struct error *err);

#endif
