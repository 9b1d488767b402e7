#include "model/ridge/shared_direction.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>

/* A covariate of -1 and 1 by turns, and at most two people whose value is `far`. Four test sets of ten. */
enum { N = 40, N_OUTER = 4, N_INNER = 5, SIZE = N / N_OUTER, NOBODY = N };

static void make_folds(struct folds *folds)
{
    int32_t outer[N], inner[N_OUTER * N];
    struct error err = {0};
    for (int i = 0; i < N; i++)
        outer[i] = i / SIZE;
    for (int o = 0; o < N_OUTER; o++)
        for (int i = 0; i < N; i++)
            inner[o * N + i] = outer[i] == o ? -1 : i % N_INNER;
    CU_ASSERT_EQUAL_FATAL(folds_init_known(folds, outer, inner, N, N_OUTER, N_INNER, &err), 0);
}

static struct shared_direction find(int first, int second, double far)
{
    double columns[N * 2];
    bool kept[2];
    struct folds folds;
    struct covariates covariates;
    struct shared_direction found;
    struct error err = {0};
    make_folds(&folds);
    for (int i = 0; i < N; i++) {
        columns[i * 2] = 1;
        columns[i * 2 + 1] = i == first || i == second ? far : i % 4 < 2 ? 1 : -1;
    }
    CU_ASSERT_EQUAL_FATAL(covariates_init(&covariates, columns, N, 2, kept, &err), 0);
    CU_ASSERT_EQUAL_FATAL(shared_direction_find(&covariates, &folds, &found, &err), 0);
    covariates_free(&covariates);
    folds_free(&folds);
    return found;
}

/* Of the direction x the others have s^2 = (N - SIZE) / (2 far^2), and each of the two is free to a half. */
static void of_one_test_set(void)
{
    const double far = 1e4;
    struct shared_direction found = find(12, 18, far);
    CU_ASSERT_DOUBLE_EQUAL(found.ratio * far * far / (N - SIZE), 1, 0.01);
    CU_ASSERT_EQUAL(found.outer_fold, 1);
    CU_ASSERT_EQUAL(found.subject[0] + found.subject[1], 12 + 18);
}

/* One person; two of two test sets; two who are not far; and a direction that is lost. */
static void of_none(void)
{
    CU_ASSERT_EQUAL(find(12, NOBODY, 1e4).ratio, 1);
    CU_ASSERT_EQUAL(find(12, 23, 1e4).ratio, 1);
    CU_ASSERT_EQUAL(find(12, 18, 1e3).ratio, 1);
    CU_ASSERT_EQUAL(find(12, 18, 1e9).ratio, 1);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"of_one_test_set", of_one_test_set},
        {"of_none", of_none},
    };
    return testing_main(argc, argv, "shared_direction", cases, sizeof cases / sizeof *cases);
}
