#include "codelets/run_status.h"

#include "testing.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

static struct run_status begun(void)
{
    struct run_status status;
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(run_status_init(&status, &err), 0);
    return status;
}

static void the_first_error_wins(void)
{
    struct run_status status = begun();
    struct error err = {0}, first = {0}, second = {0};
    CU_ASSERT_FALSE(run_status_failed(&status));
    CU_ASSERT_EQUAL(run_status_result(&status, &err), 0);
    error_set(&first, EXIT_CODE_FAILED, "the disk is full");
    error_set(&second, EXIT_CODE_BAD_INPUT, "something else");
    run_status_fail(&status, &first);
    run_status_fail(&status, &second);
    run_status_stop(&status, "while nothing was done");
    CU_ASSERT_TRUE(run_status_failed(&status));
    CU_ASSERT_EQUAL(run_status_result(&status, &err), EXIT_CODE_FAILED);
    CU_ASSERT_STRING_EQUAL(err.message, "the disk is full");
    run_status_free(&status);
}

static void a_stop_says_what_was_interrupted(void)
{
    struct run_status status = begun();
    struct error err = {0};
    run_status_stop(&status, "while reading genotypes");
    CU_ASSERT_EQUAL(run_status_result(&status, &err), EXIT_CODE_STOPPED);
    CU_ASSERT_STRING_EQUAL(err.message,
                           "stopped on request while reading genotypes; the same command goes on");
    run_status_free(&status);
}

struct failing {
    struct run_status *status;
    int number;
};

static void *fail(void *context)
{
    struct failing *failing = context;
    struct error err = {0};
    error_set(&err, EXIT_CODE_FAILED, "error of thread %d", failing->number);
    run_status_fail(failing->status, &err);
    return NULL;
}

/* Errors of several workers at once: one of them is kept whole. */
static void threads_fail_together(void)
{
    enum { THREADS = 8 };
    struct run_status status = begun();
    struct failing failing[THREADS];
    pthread_t threads[THREADS];
    for (int t = 0; t < THREADS; t++) {
        failing[t] = (struct failing){&status, t};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[t], NULL, fail, &failing[t]), 0);
    }
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    struct error err = {0};
    int number = -1;
    CU_ASSERT_EQUAL(run_status_result(&status, &err), EXIT_CODE_FAILED);
    CU_ASSERT_EQUAL(sscanf(err.message, "error of thread %d", &number), 1);
    CU_ASSERT_TRUE(number >= 0 && number < THREADS);
    run_status_free(&status);
}

/* No result of arithmetic is taken for the mark. */
static void poison_is_no_ordinary_nan(void)
{
    float array[2] = {NAN, 1};
    CU_ASSERT_FALSE(run_status_poisoned(array));
    array[0] = -NAN;
    CU_ASSERT_FALSE(run_status_poisoned(array));
    volatile float zero = 0;
    array[0] = zero / zero;
    CU_ASSERT_FALSE(run_status_poisoned(array));
    run_status_poison(array);
    CU_ASSERT_TRUE(run_status_poisoned(array));
    CU_ASSERT_TRUE(isnan(array[0]));
    CU_ASSERT_EQUAL(array[1], 1);
}

static void a_score_that_is_no_number_fails_the_run(void)
{
    static const float bad[] = {-INFINITY, INFINITY, NAN};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct run_status status = begun();
        struct error err = {0};
        const float scores[3] = {-1e30F, bad[k], .5F};
        CU_ASSERT_TRUE(run_status_finite(&status, scores, 1) && run_status_finite(&status, scores + 2, 1));
        CU_ASSERT_FALSE(run_status_failed(&status));
        CU_ASSERT_FALSE(run_status_finite(&status, scores, 3));
        CU_ASSERT_EQUAL(run_status_result(&status, &err), EXIT_CODE_FAILED);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "a permutation's score is "));
        CU_ASSERT_PTR_NULL(strchr(err.message, '\n'));
        run_status_free(&status);
    }
}

static void starpus_answer_becomes_an_error(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(run_status_inserted(0, "svd", &err), 0);
    CU_ASSERT_EQUAL(run_status_inserted(-ENODEV, "svd", &err), EXIT_CODE_FAILED);
    CU_ASSERT_STRING_EQUAL(err.message, "StarPU does not take the task svd: No such device");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"the_first_error_wins", the_first_error_wins},
        {"a_stop_says_what_was_interrupted", a_stop_says_what_was_interrupted},
        {"threads_fail_together", threads_fail_together},
        {"poison_is_no_ordinary_nan", poison_is_no_ordinary_nan},
        {"a_score_that_is_no_number_fails_the_run", a_score_that_is_no_number_fails_the_run},
        {"starpus_answer_becomes_an_error", starpus_answer_becomes_an_error},
    };
    return testing_main(argc, argv, "codelets/run_status", cases, sizeof cases / sizeof *cases);
}
