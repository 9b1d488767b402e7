/* The state that all tasks of a run share. StarPU itself propagates no error, so the first error is kept here
 * and every task looks before it starts: after a failure the remaining tasks do nothing, and the graph
 * drains. */
#ifndef ARETE_CODELETS_RUN_STATUS_H
#define ARETE_CODELETS_RUN_STATUS_H

#include "base/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct run_status {
    atomic_bool failed;
    pthread_mutex_t mutex;
    struct error first;
};

int run_status_init(struct run_status *status, struct error *err);
void run_status_free(struct run_status *status);

bool run_status_failed(struct run_status *status);
/* Keeps the error if it is the first one. From any thread. */
void run_status_fail(struct run_status *status, const struct error *err);
/* Ends the run early on request, as a failure with EXIT_CODE_STOPPED. `interrupted` completes the message
 * "stopped on request ...". */
void run_status_stop(struct run_status *status, const char *interrupted);
/* Copies the first error to err and returns its code; 0 when there is none. */
int run_status_result(struct run_status *status, struct error *err);

/* A task of a failed run leaves its output unwritten, yet the output may be sent to another rank. So its
 * first element is set to a NaN that no arithmetic makes, and the reader can tell. */
void run_status_poison(float *array);
bool run_status_poisoned(const float *array);
/* The same of doubles. */
void run_status_poison_doubles(double *array);
bool run_status_poisoned_doubles(const double *array);

/* Fails the run where one of `count` scores is no finite number, which no permutation may have: it must not
 * be saved, and every p-value that met it would be wrong. */
bool run_status_finite(struct run_status *status, const float *scores, size_t count);

/* Turns what starpu_task_insert returned for the codelet `task` into an error. */
int run_status_inserted(int code, const char *task, struct error *err);

#endif
