#include "codelets/run_status.h"

#include "base/same_command.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

int run_status_init(struct run_status *status, struct error *err)
{
    *status = (struct run_status){0};
    int code = pthread_mutex_init(&status->mutex, NULL);
    return code == 0 ? 0 : error_set(err, EXIT_CODE_FAILED, "cannot make a lock: %s", strerror(code));
}

void run_status_free(struct run_status *status)
{
    pthread_mutex_destroy(&status->mutex);
}

bool run_status_failed(struct run_status *status)
{
    return atomic_load_explicit(&status->failed, memory_order_acquire);
}

void run_status_fail(struct run_status *status, const struct error *err)
{
    pthread_mutex_lock(&status->mutex);
    if (status->first.code == 0)
        status->first = *err;
    pthread_mutex_unlock(&status->mutex);
    atomic_store_explicit(&status->failed, true, memory_order_release);
}

void run_status_stop(struct run_status *status, const char *interrupted)
{
    struct error err = {0};
    error_set(&err, EXIT_CODE_STOPPED, "stopped on request %s; %s goes on", interrupted, same_command_text());
    run_status_fail(status, &err);
}

int run_status_result(struct run_status *status, struct error *err)
{
    if (!run_status_failed(status))
        return 0;
    pthread_mutex_lock(&status->mutex);
    *err = status->first;
    pthread_mutex_unlock(&status->mutex);
    return err->code;
}

/* NaNs; arithmetic makes those of which all bits behind the first of the mantissa are zero. */
static const uint32_t poison = 0xffffffff;
static const uint64_t poison_double = 0xffffffffffffffff;

void run_status_poison(float *array)
{
    memcpy(array, &poison, sizeof *array);
}

bool run_status_poisoned(const float *array)
{
    return memcmp(array, &poison, sizeof *array) == 0;
}

void run_status_poison_doubles(double *array)
{
    memcpy(array, &poison_double, sizeof *array);
}

bool run_status_poisoned_doubles(const double *array)
{
    return memcmp(array, &poison_double, sizeof *array) == 0;
}

bool run_status_finite(struct run_status *status, const float *scores, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(scores[i])) {
            struct error err = {0};
            error_set(
                &err, EXIT_CODE_FAILED,
                "a permutation's score is %g; expected a finite number (a fault of arete, please report "
                "it); its block is not saved",
                (double)scores[i]);
            run_status_fail(status, &err);
            return false;
        }
    return true;
}

int run_status_inserted(int code, const char *task, struct error *err)
{
    return code == 0 ? 0
                     : error_set(err, EXIT_CODE_FAILED, "StarPU does not take the task %s: %s", task,
                                 strerror(-code));
}
