#include "model/orbits/orbit_tolerance.h"

#include "model/stats/significance.h"
#include "model_example.h"

/* The formulas of the header on numbers by hand: two lanes, two folds, two nodes of three penalties. */
static void formulas_by_hand(enum score_kind kind)
{
    enum { SHIFTS = 3, LANES = 2, COLUMNS = SHIFTS * LANES, FOLDS = 2, NODES = 2 };
    static const size_t node[NODES] = {0, 2};
    /* the middle penalty always wins; its error is 3/4 and 1/2 of the nodes' and 1/4 of the baseline's */
    static const double weights[2][FOLDS][3][NODES + 1] = {
        {{{1, 0, 0}, {-1, -1, 0}, {0, 1, 0}}, {{1, 0, 0}, {-1, -1, 0}, {0, 1, 0}}},
        {{{1, 0, 0}, {.75, .5, .25}, {0, 1, 0}}, {{1, 0, 0}, {.75, .5, .25}, {0, 1, 0}}}};
    static const float criterion[COLUMNS] = {1, 1, 1, 1, 1, 1}, low[COLUMNS] = {2, 1, 3, 1, 4, 1},
                       high[COLUMNS] = {4, 1, 3, 1, 2, 1}, baseline[COLUMNS] = {8, 2, 4, 2, 2, 2};
    static const double error_scale[NODES * LANES] = {4, 1, 6, 1}, baseline_scale[LANES] = {8, 2};
    struct error err = {0};
    struct penalty_nodes nodes;
    CU_ASSERT_EQUAL_FATAL(penalty_nodes_init_known(&nodes, 3, FOLDS, NODES, node, &weights[0][0][0][0], &err),
                          0);
    const struct orbit_score score = {kind, &nodes, SHIFTS, LANES};
    double spread_of[COLUMNS], squares[LANES],
        *workspace = example_doubles(orbit_tolerance_workspace(&score));
    float gain[COLUMNS], sum[COLUMNS];
    const struct orbit_sums sums = {gain, sum};
    const struct orbit_spread spread = {spread_of, squares};
    const struct orbit_scales scales = {error_scale, baseline_scale};
    const float *const both[NODES] = {criterion, criterion}, *const errors[NODES] = {low, high};
    const struct score_nodes_rows rows = {both, errors, baseline};
    orbit_score_begin(&score, &sums);
    orbit_tolerance_begin(&score, &spread);
    for (size_t o = 0; o < FOLDS; o++) {
        orbit_score_add(&score, o, &rows, baseline_scale, workspace, &sums, &sums);
        orbit_tolerance_add(&score, o, &rows, &scales, workspace, &spread);
    }
    double of_shift[SHIFTS], largest = 0; /* of lane 0: the last percent of three is the largest */
    for (size_t j = 0; j < COLUMNS; j += LANES) {
        double e = .75 * (double)low[j] + .5 * (double)high[j] + .25 * (double)baseline[j],
               b = (double)baseline[j], a2 = 9 + 9 + 4, r2 = 64;
        double of_fold = (a2 + e / b * (e / b) * r2) / (b * b); /* two folds alike: over 2 either way */
        of_shift[j / LANES] = of_fold / 2;
        largest = fmax(largest, of_fold / 2);
    }
    for (size_t identity = 0; identity < SHIFTS; identity++) {
        double expected = fmin(sqrt(largest), ORBIT_TOLERANCE_MOST * sqrt(of_shift[identity]));
        ASSERT_NEAR(orbit_tolerance_finish(&score, 0, identity, 1e-5, &sums, &spread, workspace) /
                        (1e-4 * expected),
                    1, 1e-6);
    }
    CU_ASSERT_TRUE(largest > 16 * of_shift[0] && largest < 16 * of_shift[1]); /* the limit, and no limit */
    CU_ASSERT_EQUAL(orbit_tolerance_finish(&score, 1, 0, 1e-9, &sums, &spread, workspace), SIGNIFICANCE_TIE);
    penalty_nodes_free(&nodes);
    free(workspace);
}

static void the_formulas_by_hand(void)
{
    formulas_by_hand(SCORE_MEAN_R2);
    formulas_by_hand(SCORE_POOLED_R2);
}

/* Few forms may agree by chance, and a form that is zero everywhere says nothing. */
static void kappa_is_never_nothing(void)
{
    struct orbit_noise noise = {0};
    CU_ASSERT_EQUAL(orbit_tolerance_kappa(&noise), ORBIT_TOLERANCE_LEAST_KAPPA);
    orbit_tolerance_measure(&noise, 1, 1, 2);
    orbit_tolerance_measure(&noise, 1, 2, 0);
    CU_ASSERT_EQUAL(orbit_tolerance_kappa(&noise), ORBIT_TOLERANCE_LEAST_KAPPA);
    orbit_tolerance_measure(&noise, 3, 3 - 2e-6, 2);
    ASSERT_NEAR(orbit_tolerance_kappa(&noise), 1e-6 / sqrt(2), 1e-12);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"the_formulas_by_hand", the_formulas_by_hand},
        {"kappa_is_never_nothing", kappa_is_never_nothing},
    };
    return testing_main(argc, argv, "orbit_tolerance", cases, sizeof cases / sizeof *cases);
}
