#include "model/stats/significance.h"

#include "testing.h"

#include <math.h>

enum { T = 4 };

static void finish(const float *observed, const float *null, size_t count, double *p, double *p_fwer,
                   double *q)
{
    struct error err = {0};
    struct significance significance;
    CU_ASSERT_EQUAL_FATAL(significance_init(&significance, observed, T, &err), 0);
    for (size_t i = 0; i < count; i++) /* in rows or at once is the same */
        significance_add(&significance, null + i * T, 1);
    CU_ASSERT_EQUAL(significance_finish(&significance, p, p_fwer, q, &err), 0);
    significance_free(&significance);
    struct significance at_once;
    double again[3][T];
    CU_ASSERT_EQUAL_FATAL(significance_init(&at_once, observed, T, &err), 0);
    significance_add(&at_once, null, count);
    CU_ASSERT_EQUAL(significance_finish(&at_once, again[0], again[1], again[2], &err), 0);
    for (size_t t = 0; t < T; t++) {
        CU_ASSERT_TRUE(again[0][t] == p[t] || (isnan(again[0][t]) && isnan(p[t])));
        CU_ASSERT_TRUE(again[1][t] == p_fwer[t] || (isnan(again[1][t]) && isnan(p_fwer[t])));
        CU_ASSERT_TRUE(again[2][t] == q[t] || (isnan(again[2][t]) && isnan(q[t])));
    }
    significance_free(&at_once);
    significance_free(&at_once); /* legal again */
}

static void assert_row(const double *found, const double *expected)
{
    for (size_t t = 0; t < T; t++) {
        if (isnan(expected[t]))
            CU_ASSERT_TRUE(isnan(found[t]))
        else
            ASSERT_NEAR(found[t], expected[t], 1e-15);
    }
}

/* Four permutations by hand; the third target has no score and must not count in the maximum either. */
static void a_table_by_hand(void)
{
    static const float observed[T] = {.5F, .1F, NAN, .3F};
    static const float null[][T] = {
        {.1F, .2F, 9, .2F},   /* maximum .2 */
        {.2F, .0F, 9, .4F},   /* .4 */
        {.1F, .05F, 9, .1F},  /* .1 */
        {-.1F, .15F, 9, .2F}, /* .2 */
    };
    double p[T], p_fwer[T], q[T];
    finish(observed, null[0], 4, p, p_fwer, q);
    assert_row(p, (const double[]){1. / 5, 3. / 5, NAN, 2. / 5});
    assert_row(p_fwer, (const double[]){1. / 5, 5. / 5, NAN, 2. / 5});
    assert_row(q, (const double[]){3. / 5, 3. / 5, NAN, 3. / 5}); /* .2*3/1, .6*3/3, .4*3/2, three of four */
}

static void q_is_the_smallest_from_behind(void)
{
    static const float observed[T] = {4, 3, 2, 1};
    float null[19][T]; /* p = 1/20, 2/20, 18/20, 19/20 */
    for (size_t i = 0; i < 19; i++) {
        null[i][0] = 0;
        null[i][1] = i < 1 ? 5 : 0;
        null[i][2] = i < 17 ? 5 : 0;
        null[i][3] = i < 18 ? 5 : 0;
    }
    double p[T], p_fwer[T], q[T];
    finish(observed, null[0], 19, p, p_fwer, q);
    assert_row(p, (const double[]){.05, .1, .9, .95});
    assert_row(p_fwer, (const double[]){.95, .95, .95, .95});
    assert_row(q, (const double[]){.2, .2, .95, .95}); /* .9 * 4/3 > .95 */
}

static void p_is_never_zero(void)
{
    static const float observed[T] = {1, 1, 1, 1}, null[3][T] = {{0}};
    double p[T], p_fwer[T], q[T];
    finish(observed, null[0], 3, p, p_fwer, q);
    assert_row(p, (const double[]){.25, .25, .25, .25});
    finish(observed, null[0], 0, p, p_fwer, q);
    assert_row(p, (const double[]){1, 1, 1, 1});
    assert_row(p_fwer, (const double[]){1, 1, 1, 1});
    assert_row(q, (const double[]){1, 1, 1, 1});
}

/* Within 1e-6 below the observed score is a tie, further below is not. */
static void ties_count(void)
{
    static const float observed[T] = {.25F, .25F, .25F, .25F};
    static const float null[] = {.25F, .25F - .9e-6F, .25F - 1.1e-6F, .25F + 1e-7F};
    double p[T], p_fwer[T], q[T];
    finish(observed, null, 1, p, p_fwer, q);
    assert_row(p, (const double[]){1, 1, .5, 1});
    static const float all_below[] = {.2F, .2F, .2F, .25F - .9e-6F};
    finish(observed, all_below, 1, p, p_fwer, q);
    assert_row(p_fwer, (const double[]){1, 1, 1, 1});
}

/* A permutation without a score of a target counts against it, but is no maximum for others. */
static void a_null_score_that_is_absent_is_extreme(void)
{
    static const float observed[T] = {.5F, .5F, NAN, NAN};
    static const float null[][T] = {{NAN, .1F, 1, NAN}, {.1F, .1F, NAN, NAN}, {NAN, NAN, 1, 1}};
    double p[T], p_fwer[T], q[T];
    finish(observed, null[0], 3, p, p_fwer, q);
    assert_row(p, (const double[]){3. / 4, 2. / 4, NAN, NAN});
    assert_row(p_fwer, (const double[]){3. / 4, 2. / 4, NAN, NAN}); /* never below p */
    assert_row(q, (const double[]){3. / 4, 3. / 4, NAN, NAN});
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_table_by_hand", a_table_by_hand},
        {"q_is_the_smallest_from_behind", q_is_the_smallest_from_behind},
        {"p_is_never_zero", p_is_never_zero},
        {"ties_count", ties_count},
        {"a_null_score_that_is_absent_is_extreme", a_null_score_that_is_absent_is_extreme},
    };
    return testing_main(argc, argv, "significance", cases, sizeof cases / sizeof *cases);
}
