#include "model/orbits/orbit_significance.h"

#include "model/stats/significance.h"
#include "model_example.h"

enum { T = 4, SHIFTS = 5, ORBITS = 4 };

static const double no_tolerance[T] = {0};

struct answers {
    double p[T], p_fwer[T], q[T], error[T], error_fwer[T];
};

/* scores: orbits x T x SHIFTS. Slices of `width` targets at a time. */
static struct answers answers_of(const float *observed, const double *tolerance, const float *scores,
                                 size_t n_orbits, size_t width)
{
    struct error err = {0};
    struct orbit_significance significance;
    struct answers answers;
    const struct orbit_p into = {answers.p, answers.p_fwer, answers.q, answers.error, answers.error_fwer};
    CU_ASSERT_EQUAL_FATAL(orbit_significance_init(&significance, observed, tolerance, T, SHIFTS, &err), 0);
    for (size_t k = 0; k < n_orbits; k++) {
        float maximum[SHIFTS];
        for (size_t s = 0; s < SHIFTS; s++)
            maximum[s] = -INFINITY;
        for (size_t first = 0; first < T; first += width) {
            const float *slice = scores + (k * T + first) * SHIFTS;
            orbit_significance_add(&significance, first, width, slice);
            orbit_significance_maximum(&significance, first, width, slice, maximum);
        }
        for (size_t first = 0; first < T; first += width)
            orbit_significance_add_family(&significance, first, width, scores + (k * T + first) * SHIFTS,
                                          maximum);
    }
    CU_ASSERT_EQUAL(orbit_significance_finish(&significance, &into, &err), 0);
    orbit_significance_free(&significance);
    orbit_significance_free(&significance); /* legal again */
    return answers;
}

static void assert_row(const double *found, const double *expected)
{
    for (size_t t = 0; t < T; t++) {
        if (isnan(expected[t]))
            CU_ASSERT_TRUE(isnan(found[t]))
        else
            ASSERT_NEAR(found[t], expected[t], 1e-14);
    }
}

/* Two orbits by hand; the third target has no score and must not count in the maximum either. */
static void a_table_by_hand(void)
{
    static const float observed[T] = {.5F, .1F, NAN, .3F};
    static const float scores[2][T][SHIFTS] = {
        {{.5F, .1F, .2F, .3F, .6F}, {.1F, .0F, .0F, .2F, .0F}, {NAN, 9, 9, 9, 9}, {.3F, .2F, .1F, .0F, .4F}},
        {{.1F, .1F, .1F, .1F, .1F}, {.2F, .2F, .0F, .0F, .0F}, {9, 9, 9, 9, 9}, {.0F, .0F, .35F, .0F, .0F}},
    };
    /* maxima: .5 .2 .2 .3 .6; .2 .2 .35 .1 .1 */
    struct answers answers = answers_of(observed, no_tolerance, &scores[0][0][0], 2, T);
    assert_row(answers.p, (const double[]){2. / 10, 4. / 10, NAN, 3. / 10});
    assert_row(answers.p_fwer, (const double[]){2. / 10, 10. / 10, NAN, 4. / 10});
    assert_row(answers.q, (const double[]){.4, .4, NAN, .4}); /* .2 * 3, .3 * 3/2, .4: three of four */
    /* shares of the orbits: 2/5 and 0; 2/5 and 2/5; 2/5 and 1/5. Independent draws: sqrt(p (1 - p)/10) */
    assert_row(answers.error, (const double[]){.2, sqrt(.4 * .6 / 10), NAN, sqrt(.3 * .7 / 10)});
    assert_row(answers.error_fwer, (const double[]){.2, 0, NAN, .2});
}

/* The same scores one by one through significance.h, the observed ones aside: the same p, p_fwer and q. */
static void counts_are_those_of_single_permutations(void)
{
    struct error err = {0};
    float observed[T], scores[ORBITS][T][SHIFTS];
    static const double tolerance[T] = {SIGNIFICANCE_TIE, SIGNIFICANCE_TIE, SIGNIFICANCE_TIE,
                                        SIGNIFICANCE_TIE};
    uint64_t state = 8;
    for (size_t i = 0; i < ORBITS * T * SHIFTS; i++)
        (&scores[0][0][0])[i] = (float)floor(4 * example_normal(&state)); /* few values: many ties */
    scores[2][1][3] = NAN;                                                /* no score under one shift */
    for (size_t t = 0; t < T; t++)
        observed[t] = scores[0][t][0];
    struct significance single;
    struct answers expected, found = answers_of(observed, tolerance, &scores[0][0][0], ORBITS, 2);
    CU_ASSERT_EQUAL_FATAL(significance_init(&single, observed, T, &err), 0);
    for (size_t k = 0; k < ORBITS; k++)
        for (size_t s = k == 0; s < SHIFTS; s++) {
            float row[T];
            for (size_t t = 0; t < T; t++)
                row[t] = scores[k][t][s];
            significance_add(&single, row, 1);
        }
    CU_ASSERT_EQUAL(significance_finish(&single, expected.p, expected.p_fwer, expected.q, &err), 0);
    assert_row(found.p, expected.p);
    assert_row(found.p_fwer, expected.p_fwer);
    assert_row(found.q, expected.q);
    significance_free(&single);
}

/* One orbit: p is at least 1/L, its error that of independent draws. Without an orbit there is no p. */
static void one_orbit_and_none(void)
{
    static const float observed[T] = {1, 1, 1, 1},
                       scores[T][SHIFTS] = {{1}, {1, 1}, {1, 2, 1}, {1, 1, 1, 1, 1}};
    struct answers answers = answers_of(observed, no_tolerance, &scores[0][0], 1, 1);
    assert_row(answers.p, (const double[]){.2, .4, .6, 1});
    assert_row(answers.error, (const double[]){sqrt(.2 * .8 / 5), sqrt(.4 * .6 / 5), sqrt(.6 * .4 / 5), 0});
    answers = answers_of(observed, no_tolerance, &scores[0][0], 0, 1);
    assert_row(answers.p, (const double[]){NAN, NAN, NAN, NAN});
    assert_row(answers.p_fwer, (const double[]){NAN, NAN, NAN, NAN});
    assert_row(answers.error, (const double[]){NAN, NAN, NAN, NAN});
}

/* Each target has its own tolerance; p_fwer meets the maximum with the same one. */
static void tolerances_are_the_targets_own(void)
{
    static const float observed[T] = {.5F, .5F, .5F, .5F};
    static const double tolerance[T] = {0, 1e-5, 1e-3, 1e-1};
    float scores[T][SHIFTS];
    for (size_t t = 0; t < T; t++)
        for (size_t s = 0; s < SHIFTS; s++)
            scores[t][s] = .5F - (float)(s * s) * 4e-4F; /* .5, -.0004, -.0016, -.0036, -.0064 */
    struct answers answers = answers_of(observed, tolerance, &scores[0][0], 1, 2);
    assert_row(answers.p, (const double[]){.2, .2, .4, 1});
    assert_row(answers.p_fwer, (const double[]){.2, .2, .4, 1});
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_table_by_hand", a_table_by_hand},
        {"counts_are_those_of_single_permutations", counts_are_those_of_single_permutations},
        {"one_orbit_and_none", one_orbit_and_none},
        {"tolerances_are_the_targets_own", tolerances_are_the_targets_own},
    };
    return testing_main(argc, argv, "orbit_significance", cases, sizeof cases / sizeof *cases);
}
