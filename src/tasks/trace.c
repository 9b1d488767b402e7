#include "tasks/trace.h"

#include "base/clock.h"
#include "tasks/runtime.h"
#include "tasks/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <starpu.h>
#include <starpu_scheduler.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Single rows take about 10 MB at most (the reference study has 90,000 tasks); after that 4 workers write 2
 * MB a day. */
enum { MOST_SINGLE_ROWS = 200000, WINDOW_S = 60 };

static const double memory_every_s = 0.002;

/* Global, because StarPU hands its hooks nothing but the task. */
static struct {
    struct starpu_sched_policy policy;
    void (*before)(struct starpu_task *, unsigned), (*after)(struct starpu_task *, unsigned);
    double began_s, began_unix_s;
    double started_s[STARPU_NMAXWORKERS]; /* of each worker's current task; a worker touches its own only */
    pthread_mutex_t mutex;                /* guards what follows */
    bool active;
    struct trace_file file;
    int statm; /* /proc/self/statm, or -1 */
    double measured_s;
    int64_t memory_bytes;
} trace = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static double seconds_since_began(void)
{
    return clock_seconds() - trace.began_s;
}

/* Resident memory. Read anew only every memory_every_s: reading takes longer than a tiny task. */
static int64_t memory_in_use(double now_s)
{
    if (trace.statm < 0 || now_s - trace.measured_s < memory_every_s)
        return trace.memory_bytes;
    char text[128];
    long long pages;
    ssize_t length = pread(trace.statm, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    if (sscanf(text, "%*s %lld", &pages) == 1)
        trace.memory_bytes = pages * sysconf(_SC_PAGESIZE);
    trace.measured_s = now_s;
    return trace.memory_bytes;
}

static void before_task(struct starpu_task *task, unsigned context)
{
    if (trace.before != NULL)
        trace.before(task, context);
    trace.started_s[starpu_worker_get_id_check()] = seconds_since_began();
}

/* Tasks without a codelet are StarPU's own and are left out. */
static void after_task(struct starpu_task *task, unsigned context)
{
    double now_s = seconds_since_began();
    int worker = (int)starpu_worker_get_id_check();
    if (task->cl != NULL && task->cl->name != NULL) {
        pthread_mutex_lock(&trace.mutex);
        struct trace_task done = {task->cl->name, worker, trace.started_s[worker], now_s,
                                  memory_in_use(now_s)};
        if (trace.active)
            trace_file_add(&trace.file, &done, trace.began_unix_s, (int)starpu_worker_get_count());
        pthread_mutex_unlock(&trace.mutex);
    }
    if (trace.after != NULL)
        trace.after(task, context);
}

int trace_start(const char *path, bool append, double began_s, struct error *err)
{
    if (trace_file_init(&trace.file, path, append, MOST_SINGLE_ROWS, WINDOW_S, err) != 0)
        return err->code;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    trace.began_s = began_s;
    trace.began_unix_s = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec - seconds_since_began();
    trace.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    trace.measured_s = -memory_every_s;
    trace.memory_bytes = 0;
    trace.active = true;
    return 0;
}

void trace_attach(struct starpu_conf *conf)
{
    struct starpu_sched_policy **policies = starpu_sched_get_predefined_policies();
    for (; trace.active && *policies != NULL; policies++)
        if (strcmp((*policies)->policy_name, conf->sched_policy_name) == 0) {
            trace.policy = **policies;
            trace.before = trace.policy.pre_exec_hook;
            trace.after = trace.policy.post_exec_hook;
            trace.policy.pre_exec_hook = before_task;
            trace.policy.post_exec_hook = after_task;
            conf->sched_policy = &trace.policy;
            conf->sched_policy_name = NULL;
            return;
        }
}

int trace_stop(struct error *err)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    int code = 0;
    pthread_mutex_lock(&trace.mutex);
    if (trace.active) {
        trace.active = false;
        if (trace.statm >= 0)
            close(trace.statm);
        trace.statm = -1;
        code = trace_file_close(&trace.file, seconds_since_began(), (int64_t)usage.ru_maxrss * 1024, err);
    }
    pthread_mutex_unlock(&trace.mutex);
    return code;
}
