#include "tasks/runtime.h"

#include "base/clock.h"
#include "base/machine.h"
#include "base/memory.h"
#include "codelets/run_status.h"
#include "model/blas/blas_check.h"
#include "ranks/collectives.h"
#include "ranks/watch.h"
#include "tasks/environment.h"
#include "tasks/exchange.h"
#include "tasks/trace.h"

#include <errno.h>
#include <starpu.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int runtime_worker_count(int workers)
{
    int wanted = workers > 0 ? workers : machine_cores();
    return wanted < STARPU_MAXCPUS ? wanted : STARPU_MAXCPUS;
}

static int make_status(struct runtime *runtime, struct error *err)
{
    runtime->status = memory_zeroed(1, sizeof *runtime->status, "the run's status", err);
    if (runtime->status != NULL && run_status_init(runtime->status, err) != 0) {
        free(runtime->status);
        runtime->status = NULL;
    }
    return err->code;
}

static void free_status(struct runtime *runtime)
{
    if (runtime->status != NULL)
        run_status_free(runtime->status);
    free(runtime->status);
    runtime->status = NULL;
}

/* StarPU does not know of other ranks: left alone, it binds the first worker of each to the same core. */
static void bind_as_ranks_are(const struct ranks *ranks)
{
    if (ranks->size == 1)
        return;
    setenv("STARPU_WORKERS_GETBIND", "1", 0);
    setenv("STARPU_MPI_NOBIND", "1", 0);
}

/* StarPU keeps performance files in a home folder and aborts if it cannot write there: it gets a temporary
 * one. */
static int start_starpu(struct runtime *runtime, struct error *err)
{
    char *home = environment_make_home(err);
    if (home == NULL)
        return err->code;
    blas_check_single_thread();
    setenv("STARPU_SILENT", "1", 0);
    bind_as_ranks_are(runtime->ranks);
    struct starpu_conf conf;
    starpu_conf_init(&conf);
    conf.ncpus = runtime->n_workers;
    conf.ncuda = 0;
    conf.nopencl = 0;
    conf.catch_signals = 0;
    conf.sched_policy_name = "prio";
    trace_attach(&conf);
    int code = starpu_init(&conf);
    environment_remove_home(home); /* it has been read: a run that is killed leaves nothing behind */
    return code == 0 ? 0
                     : error_set(err, EXIT_CODE_FAILED, "StarPU cannot start %d workers: %s",
                                 runtime->n_workers, strerror(-code));
}

int runtime_start(struct runtime *runtime, struct ranks *ranks, int workers, struct error *err)
{
    *runtime = (struct runtime){.ranks = ranks, .n_cores = machine_cores(), .most_workers = STARPU_MAXCPUS};
    runtime->n_workers = runtime_worker_count(workers);
    environment_clear();
    bool is_up = make_status(runtime, err) == 0 && start_starpu(runtime, err) == 0;
    /* In all ranks or in none: ending StarPU-MPI waits for every rank. */
    if (collectives_agree(ranks, err) == 0)
        exchange_start(ranks, err);
    if (err->code != 0 && is_up)
        starpu_shutdown();
    if (err->code != 0)
        free_status(runtime);
    return err->code;
}

void runtime_adopt_failure(struct runtime *runtime)
{
    if (!watch_failed(runtime->ranks) || run_status_failed(runtime->status))
        return;
    struct error theirs;
    watch_failure(runtime->ranks, &theirs);
    run_status_fail(runtime->status, &theirs);
}

void runtime_heed_stop(struct runtime *runtime, const struct progress_sink *progress, const char *interrupted)
{
    if (!progress_stop_requested(progress) || run_status_failed(runtime->status))
        return;
    run_status_stop(runtime->status, interrupted);
    if (progress->stopping != NULL)
        progress->stopping(progress->context, 0);
}

/* Looks once for failures of other ranks and requests to stop, and sleeps, each time twice as long. */
static void look_and_sleep(struct runtime *runtime, const struct progress_sink *progress,
                           const char *interrupted, struct timespec *step)
{
    const long longest_ns = 100000000;
    runtime_adopt_failure(runtime);
    if (progress != NULL)
        runtime_heed_stop(runtime, progress, interrupted);
    nanosleep(step, NULL);
    step->tv_nsec = step->tv_nsec * 2 < longest_ns ? step->tv_nsec * 2 : longest_ns;
}

void runtime_wait_for_room(struct runtime *runtime, int most, const struct progress_sink *progress,
                           const char *interrupted)
{
    struct timespec step = {.tv_nsec = 100000};
    while (starpu_task_nsubmitted() > most && !run_status_failed(runtime->status)) {
        look_and_sleep(runtime, progress, interrupted, &step);
        step.tv_nsec = step.tv_nsec > 5000000 ? 5000000 : step.tv_nsec; /* or workers run out of tasks */
    }
}

/* Waits until no task is left. After a failure with several ranks it waits only for a while: tasks that have
 * begun will end, but those that wait for another rank's message may not. */
static void wait_for_tasks(struct runtime *runtime, const struct progress_sink *progress,
                           const char *interrupted)
{
    const double most_s = WATCH_PATIENCE_S - 2;
    struct timespec step = {.tv_nsec = 1000000}; /* short at first: a tiny study takes no longer */
    double failed_at = 0;
    while (starpu_task_nsubmitted() > 0) {
        if (run_status_failed(runtime->status) && runtime->ranks->size > 1) {
            failed_at = failed_at > 0 ? failed_at : clock_seconds();
            if (clock_seconds() - failed_at > most_s)
                return;
        }
        look_and_sleep(runtime, progress, interrupted, &step);
    }
}

int runtime_wait(struct runtime *runtime, const struct progress_sink *progress, const char *interrupted,
                 struct error *err)
{
    struct error first = {0};
    if (err->code != 0)
        run_status_fail(runtime->status, err);
    if (progress != NULL || runtime->ranks->size > 1)
        wait_for_tasks(runtime, progress, interrupted);
    if (run_status_result(runtime->status, &first) != 0 && runtime->ranks->size > 1) {
        watch_post_failure(runtime->ranks, &first);
        watch_failure(runtime->ranks, &first);
        runtime->abandon(runtime->abandon_context, &first);
    }
    int code = starpu_task_wait_for_all();
    if (run_status_result(runtime->status, err) != 0)
        return err->code;
    return code == 0 ? 0
                     : error_set(err, EXIT_CODE_FAILED, "waiting for StarPU's tasks: %s", strerror(-code));
}

void runtime_pause(struct runtime *runtime)
{
    if (runtime->status != NULL)
        starpu_pause();
}

void runtime_resume(struct runtime *runtime)
{
    if (runtime->status != NULL)
        starpu_resume();
}

void runtime_stop(struct runtime *runtime)
{
    if (runtime->status == NULL)
        return;
    exchange_stop(runtime->ranks);
    starpu_shutdown();
    free_status(runtime);
    *runtime = (struct runtime){0};
}
