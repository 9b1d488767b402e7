#include "tasks/runtime.h"

#include "base/memory.h"
#include "codelets/run_status.h"
#include "model/blas_check.h"

#include <errno.h>
#include <ftw.h>
#include <sched.h>
#include <starpu.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int usable_cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* StarPU keeps performance files under a home folder and aborts where it cannot be written: it gets one of
 * its own. */
static int make_home(struct runtime *runtime, struct error *err)
{
    if (getenv("STARPU_HOME") != NULL)
        return 0;
    const char *folder = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    runtime->home = memory_format(err, "%s/arete-starpu-XXXXXX", folder);
    if (runtime->home == NULL)
        return err->code;
    if (mkdtemp(runtime->home) == NULL) {
        error_set(err, EXIT_CODE_FAILED,
                  "%s: cannot make StarPU's temporary folder: %s (TMPDIR chooses another place)",
                  runtime->home, strerror(errno));
        free(runtime->home);
        runtime->home = NULL;
        return err->code;
    }
    setenv("STARPU_HOME", runtime->home, 1);
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status, (void)flag, (void)walk;
    return remove(path);
}

static void remove_home(struct runtime *runtime)
{
    if (runtime->home == NULL)
        return;
    nftw(runtime->home, remove_entry, 16,
         FTW_DEPTH | FTW_PHYS); /* a temporary folder: what stays is harmless */
    free(runtime->home);
    runtime->home = NULL;
}

int runtime_worker_count(int workers)
{
    int wanted = workers > 0 ? workers : usable_cores();
    return wanted < STARPU_MAXCPUS ? wanted : STARPU_MAXCPUS;
}

int runtime_start(struct runtime *runtime, int workers, struct error *err)
{
    *runtime = (struct runtime){.n_cores = usable_cores(), .most_workers = STARPU_MAXCPUS};
    runtime->n_workers = runtime_worker_count(workers);
    runtime->status = memory_zeroed(1, sizeof *runtime->status, "the run's status", err);
    if (runtime->status == NULL || run_status_init(runtime->status, err) != 0 ||
        make_home(runtime, err) != 0) {
        free(runtime->status);
        runtime->status = NULL;
        return err->code;
    }
    blas_check_single_thread();
    setenv("STARPU_SILENT", "1", 0);
    struct starpu_conf conf;
    starpu_conf_init(&conf);
    conf.ncpus = runtime->n_workers;
    conf.ncuda = 0;
    conf.nopencl = 0;
    conf.catch_signals = 0;
    conf.sched_policy_name = "prio";
    int code = starpu_init(&conf);
    remove_home(runtime); /* read by now; a run that is killed leaves nothing behind */
    if (code != 0) {
        run_status_free(runtime->status);
        free(runtime->status);
        runtime->status = NULL;
        return error_set(err, EXIT_CODE_FAILED, "StarPU cannot start %d workers: %s", runtime->n_workers,
                         strerror(-code));
    }
    return 0;
}

/* Sleeps in short steps while tasks are under way, so that a request to stop is seen. */
static void watch(struct runtime *runtime, const struct progress_sink *progress, const char *interrupted)
{
    const long longest_ns = 100000000;
    struct timespec step = {.tv_nsec = 1000000}; /* a tiny study ends within the first ones */
    while (starpu_task_nsubmitted() > 0) {
        if (progress_stop_requested(progress) && !run_status_failed(runtime->status))
            run_status_stop(runtime->status, interrupted);
        nanosleep(&step, NULL);
        step.tv_nsec = step.tv_nsec * 2 < longest_ns ? step.tv_nsec * 2 : longest_ns;
    }
}

int runtime_wait(struct runtime *runtime, const struct progress_sink *progress, const char *interrupted,
                 struct error *err)
{
    if (progress != NULL)
        watch(runtime, progress, interrupted);
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
    starpu_shutdown();
    run_status_free(runtime->status);
    free(runtime->status);
    *runtime = (struct runtime){0};
}

double runtime_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
