/* Every shift of two orbits, from forms to scores by the program's own kernels, against the double path of
 * model/ridge; and the tolerance for what single precision does, on the targets that make it differ. */
#include "model/orbits/orbit_scale.h"
#include "model/stats/significance.h"
#include "orbit_program.h"

enum { MOST = 120, OUTER = 5, INNER = 3, PENALTIES = 4, FORMS = (2 * PENALTIES + 1) * OUTER };
static const double penalties[PENALTIES] = {.2, .7, 2, 7};

enum kind { NORMAL, SKEWED, SEVEN_CASES, ONE_CASE, OUTLIER, LONE_OUTLIER, N_KINDS, FILLED, A_FOLD_OF_CASES };
static const char *const kind_name[] = {"normal",       "skewed", "seven cases", "one case",       "outlier",
                                        "lone outlier", "",       "filled",      "a fold of cases"};

struct setting {
    struct reference reference;
    struct program program;
    size_t n, n_shifts;
    double least[OUTER]; /* of the target of target_of */
};

/* One target's residuals, in float32 as they are kept. */
static void target_of(struct setting *setting, enum kind kind, double *y)
{
    uint64_t state = 40;
    for (size_t i = 0; i < setting->n; i++) {
        y[i] = example_normal(&state);
        if (kind == SKEWED)
            y[i] = exp(2 * y[i]);
        if (kind == SEVEN_CASES)
            y[i] = i % 17 == 3;
        if (kind == ONE_CASE)
            y[i] = i == 7;
        if (kind == A_FOLD_OF_CASES)
            y[i] = i * OUTER / setting->n == 2 || i == 7;
    }
    if (kind == OUTLIER || kind == LONE_OUTLIER)
        y[7] = kind == OUTLIER ? 30 : 3000;
    reference_residualise(&setting->reference, y, 1);
    float rounded[MOST];
    for (size_t i = 0; i < setting->n; i++) {
        rounded[i] = kind == FILLED && i * OUTER / setting->n == 2 ? 0 : (float)y[i];
        y[i] = (double)rounded[i];
    }
    const struct orbit_scale scale = {&setting->program.blocks, setting->reference.folds.outer, rounded, 1,
                                      setting->reference.covariates.c};
    const size_t target = 0;
    double workspace;
    orbit_scale_least(&scale, (struct fold_span){0, OUTER}, &target, 1, &workspace, setting->least);
    setting->reference.least = setting->least;
}

/* c covariates, and the folds' indicators where those count as sites. */
static void setting_init_sites(struct setting *setting, size_t n, size_t c_own, bool sites,
                               enum baseline_kind baseline, const int32_t *block)
{
    size_t c = c_own + (sites ? OUTER - 1 : 0);
    double *x = example_normals(400 * n, 3), *design = example_doubles(n * c);
    double *gram = example_product(x, x, n, 400, n, true);
    for (size_t i = 0; i < n * n; i++)
        gram[i] /= 400;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < c; j++)
            design[i * c + j] = j >= c_own ? i * OUTER / n == j - c_own
                                : j == 0   ? 1
                                : j == 1   ? x[i]
                                           : i % 3 == 0;
    const struct reference_shape shape = {n,        c,    OUTER,  INNER,     PENALTIES,
                                          baseline, gram, design, penalties, 9};
    reference_init(&setting->reference, &shape);
    program_init(&setting->program, &setting->reference, block, 4);
    setting->n = n;
    setting->n_shifts = setting->program.n_shifts;
    free(x);
    free(design);
    free(gram);
}

static void setting_init(struct setting *setting, size_t n, size_t c, enum baseline_kind baseline,
                         const int32_t *block)
{
    setting_init_sites(setting, n, c, false, baseline, block);
}

static void setting_free(struct setting *setting)
{
    program_free(&setting->program);
    reference_free(&setting->reference);
}

/* The score of one shift from exact errors, at the penalties that the single-precision criteria choose. */
static double exact_score(const struct setting *setting, enum score_kind kind, const double *exact,
                          const float *single, size_t shift)
{
    double error[OUTER], baseline[OUTER];
    size_t n_test[OUTER];
    for (size_t o = 0; o < OUTER; o++) {
        size_t n_shifts = setting->n_shifts, first = o * (2 * PENALTIES + 1) * n_shifts + shift;
        double criterion[PENALTIES];
        for (size_t k = 0; k < PENALTIES; k++)
            criterion[k] = (double)single[first + k * n_shifts];
        size_t best = score_choose(criterion, PENALTIES, 1);
        error[o] = exact[first + (PENALTIES + best) * n_shifts];
        baseline[o] = exact[first + 2 * PENALTIES * n_shifts];
        n_test[o] = setting->reference.folds.rows[o].n_test;
    }
    return score_statistic(kind, error, baseline, n_test, OUTER);
}

/* Exact values are used where the data are as they are. *kappa: what they say. */
static double tolerance_of(const struct setting *setting, enum score_kind kind, const float *single,
                           const double *exact, double *kappa)
{
    return program_tolerance(&setting->program, &setting->reference, kind, single, exact,
                             setting->program.scheme.identity, kappa);
}

/* The noise of all shifts' error and baseline values, which one shift stands for. */
static double kappa_of_all(const float *single, const double *exact, size_t n_shifts)
{
    struct orbit_noise noise = {0};
    for (size_t q = 0; q < FORMS; q++) {
        double squares = 0;
        for (size_t s = 0; s < n_shifts; s++)
            squares += exact[q * n_shifts + s] * exact[q * n_shifts + s];
        for (size_t s = 0; s < n_shifts && q % (2 * PENALTIES + 1) >= PENALTIES; s++)
            orbit_tolerance_measure(&noise, (double)single[q * n_shifts + s], exact[q * n_shifts + s],
                                    sqrt(squares / (double)n_shifts));
    }
    return orbit_tolerance_kappa(&noise);
}

/* Of all pairs of shifts, the share whose exact scores lie within the tolerance of each other. */
static double share_swallowed(const double *exact, size_t n_shifts, double tolerance)
{
    size_t count = 0;
    for (size_t a = 0; a < n_shifts; a++)
        for (size_t b = 0; b < a; b++)
            count += fabs(exact[a] - exact[b]) <= tolerance;
    return (double)count / ((double)(n_shifts * (n_shifts - 1)) / 2);
}

/* Two orbits of one target: the tolerance, the largest error of a score, and what the tolerance swallows. */
static void check_target(struct setting *setting, enum kind kind, enum score_kind score)
{
    double y[MOST], exact_scores[MOST], kappa = 0, tolerance = 0;
    size_t n_shifts = setting->n_shifts;
    target_of(setting, kind, y);
    for (uint64_t orbit = 0; orbit < 2; orbit++) {
        double worst = 0;
        float *single = program_values(&setting->program, orbit, y), scores[MOST];
        double *exact = program_exact_values(&setting->program, &setting->reference, orbit, y);
        if (orbit == 0) {
            tolerance = tolerance_of(setting, score, single, exact, &kappa);
            double of_all = kappa_of_all(single, exact, n_shifts);
            CU_ASSERT_TRUE(kappa < 2 * of_all && kappa > of_all / 2);
        }
        reference_scores(&setting->reference, score, single, n_shifts, 1, scores);
        for (size_t s = 0; s < n_shifts; s++) {
            exact_scores[s] = exact_score(setting, score, exact, single, s);
            worst = fmax(worst, fabs((double)scores[s] - exact_scores[s]));
            CU_ASSERT_TRUE(isfinite(scores[s]));
        }
        if (!(worst <= tolerance))
            fprintf(stderr, "%s, orbit %zu: a score is off by %.1e, the tolerance is %.1e\n", kind_name[kind],
                    (size_t)orbit, worst, tolerance);
        CU_ASSERT_TRUE(worst <= tolerance);
        CU_ASSERT_TRUE(share_swallowed(exact_scores, n_shifts, tolerance) < 5e-3);
        free(single);
        free(exact);
    }
}

/* All scores of two orbits, and the tolerance, of a target under exchange inside the test sets. */
static void check_sites(struct setting *setting, enum kind kind, enum score_kind score)
{
    double y[MOST], kappa = 0, tolerance = 0, worst = 0;
    size_t n_shifts = setting->n_shifts;
    target_of(setting, kind, y);
    for (uint64_t orbit = 0; orbit < 2; orbit++) {
        float *single = program_values(&setting->program, orbit, y), scores[MOST];
        double *exact = program_exact_values(&setting->program, &setting->reference, orbit, y);
        if (orbit == 0)
            tolerance = tolerance_of(setting, score, single, exact, &kappa);
        reference_scores(&setting->reference, score, single, n_shifts, 1, scores);
        for (size_t s = 0; s < n_shifts; s++)
            worst = fmax(worst, fabs((double)scores[s] - exact_score(setting, score, exact, single, s)));
        free(single);
        free(exact);
    }
    if (!(worst <= tolerance && tolerance < .1 && kappa < 2e-6))
        fprintf(stderr, "%s, score %d: a score is off by %.1e, the tolerance is %.1e, kappa %.1e\n",
                kind_name[kind], (int)score, worst, tolerance, kappa);
    CU_ASSERT_TRUE(worst <= tolerance);
    CU_ASSERT_TRUE(tolerance < .1 && kappa < 2e-6);
}

static void check_targets(size_t n, const int32_t *block)
{
    struct setting setting;
    setting_init(&setting, n, 3, BASELINE_COVARIATES, block);
    for (int kind = 0; kind < N_KINDS; kind++)
        for (int score = SCORE_MEAN_R2; score <= SCORE_POOLED_R2; score++)
            check_target(&setting, (enum kind)kind, (enum score_kind)score);
    setting_free(&setting);
}

static void free_exchange(void)
{
    check_targets(MOST, NULL);
}

/* 113 is a prime: its transforms go another way. */
static void a_prime_number_of_subjects(void)
{
    check_targets(113, NULL);
}

static void three_unequal_blocks(void)
{
    int32_t block[MOST];
    for (size_t i = 0; i < MOST; i++)
        block[i] = i % 8 < 4 ? 0 : i % 8 < 7 ? 1 : 2;
    block[0] = 2; /* 59, 45 and 16 */
    check_targets(MOST, block);
}

/* Exchange inside the test sets, which are sites. Where one has no case or no values, no shift gives it any
 * variance: its root mean square over shifts is rounding, its r2 is 0 under every shift, and no score and no
 * tolerance may come from a division by it. */
static void test_sets_without_variance_under_any_shift(void)
{
    static const enum kind kinds[] = {NORMAL, SEVEN_CASES, ONE_CASE, FILLED, A_FOLD_OF_CASES};
    int32_t block[MOST];
    for (size_t i = 0; i < MOST; i++)
        block[i] = (int32_t)(i * OUTER / MOST);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (int with = 0; with < 8; with++) {
            struct setting setting;
            setting_init_sites(&setting, MOST, with / 4 == 0 ? 1 : 3, with % 2 == 1,
                               with / 2 % 2 == 0 ? BASELINE_COVARIATES : BASELINE_TEST_MEAN, block);
            check_sites(&setting, kinds[k], SCORE_MEAN_R2);
            check_sites(&setting, kinds[k], SCORE_POOLED_R2);
            setting_free(&setting);
        }
}

/* Seven cases and the test set's mean as baseline: a fold without a case has a baseline error of zero, which
 * single precision leaves at 1e-7 of the others. It counts as r2 0, in single as in double. */
static void exact_zeros_are_found(void)
{
    struct setting setting;
    double y[MOST], z[MOST], kappa;
    float scores[MOST];
    size_t n_whole = 0;
    setting_init(&setting, MOST, 1, BASELINE_TEST_MEAN, NULL);
    target_of(&setting, SEVEN_CASES, y);
    float *identity = program_values(&setting.program, 0, y),
          *single = program_values(&setting.program, 1, y);
    double *identity_exact = program_exact_values(&setting.program, &setting.reference, 0, y),
           *exact = program_exact_values(&setting.program, &setting.reference, 1, y);
    double tolerance = tolerance_of(&setting, SCORE_MEAN_R2, identity, identity_exact, &kappa);
    reference_scores(&setting.reference, SCORE_MEAN_R2, single, setting.n_shifts, 1, scores);
    for (size_t s = 0; s < setting.n_shifts; s++) {
        bool has_case[OUTER] = {false};
        size_t n_with_case = 0;
        program_shift(&setting.program, 1, s, y, z);
        for (size_t i = 0; i < MOST; i++)
            has_case[i * OUTER / MOST] |= z[i] > 1;
        for (size_t o = 0; o < OUTER; o++)
            n_with_case += has_case[o];
        ASSERT_NEAR((double)scores[s], exact_score(&setting, SCORE_MEAN_R2, exact, single, s), tolerance);
        n_whole += n_with_case == OUTER;
    }
    CU_ASSERT_TRUE(n_whole > 5 && n_whole < setting.n_shifts - 5);
    CU_ASSERT_TRUE(tolerance < 1e-3); /* not that of a division by what rounding left of a zero */
    free(identity);
    free(identity_exact);
    free(exact);
    free(single);
    setting_free(&setting);
}

/* Where the case stands under each shift of an orbit. */
static void places_of_case(const struct setting *setting, uint64_t orbit, const double *y, size_t *place)
{
    double z[MOST];
    for (size_t s = 0; s < setting->n_shifts; s++) {
        program_shift(&setting->program, orbit, s, y, z);
        for (size_t i = 0; i < setting->n; i++)
            place[s] = z[i] > 1 ? i : place[s];
    }
}

/* One case among equals: every shift of the identity's orbit has one of the other orbit that puts the case at
 * the same place, and p must count it. Without a tolerance rounding would split some of these ties. */
static void ties_are_not_split(void)
{
    struct setting setting;
    double y[MOST], kappa;
    float scores[2][MOST], *single[2];
    size_t place[2][MOST] = {{0}}, n_same = 0, n_lost = 0, n_lost_without = 0;
    setting_init(&setting, MOST, 1, BASELINE_COVARIATES, NULL);
    target_of(&setting, ONE_CASE, y);
    for (uint64_t orbit = 0; orbit < 2; orbit++) {
        single[orbit] = program_values(&setting.program, orbit, y);
        reference_scores(&setting.reference, SCORE_MEAN_R2, single[orbit], setting.n_shifts, 1,
                         scores[orbit]);
        places_of_case(&setting, orbit, y, place[orbit]);
    }
    double *exact = program_exact_values(&setting.program, &setting.reference, 0, y);
    double tolerance = tolerance_of(&setting, SCORE_MEAN_R2, single[0], exact, &kappa);
    for (size_t a = 0; a < setting.n_shifts; a++)
        for (size_t b = 0; b < setting.n_shifts; b++) {
            double observed = (double)scores[0][a], null = (double)scores[1][b];
            bool same = place[0][a] == place[1][b];
            n_same += same;
            n_lost += same && null < observed - tolerance;
            n_lost_without += same && null < observed - SIGNIFICANCE_TIE;
        }
    CU_ASSERT_TRUE(n_same >= setting.n_shifts - 1);
    CU_ASSERT_EQUAL(n_lost, 0);
    CU_ASSERT_TRUE(n_lost_without > MOST / 10);
    for (size_t orbit = 0; orbit < 2; orbit++)
        free(single[orbit]);
    free(exact);
    setting_free(&setting);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"free_exchange", free_exchange},
        {"a_prime_number_of_subjects", a_prime_number_of_subjects},
        {"three_unequal_blocks", three_unequal_blocks},
        {"test_sets_without_variance_under_any_shift", test_sets_without_variance_under_any_shift},
        {"exact_zeros_are_found", exact_zeros_are_found},
        {"ties_are_not_split", ties_are_not_split},
    };
    return testing_main(argc, argv, "rounding", cases, sizeof cases / sizeof *cases);
}
