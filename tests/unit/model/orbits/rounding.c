/* What single precision does to the scores of an orbit, and the tolerance for it, against the double path of
 * model/ridge: on the targets that make it differ. */
#include "model/orbits/orbit_tolerance.h"

#include "model/ridge/observed.h"
#include "model/stats/significance.h"
#include "orbit_single.h"

enum { N = 120, OUTER = 5, INNER = 3, PENALTIES = 4, FORMS = (2 * PENALTIES + 1) * OUTER };
static const double penalties[PENALTIES] = {.2, .7, 2, 7};

enum kind { NORMAL, SKEWED, SEVEN_CASES, ONE_CASE, OUTLIER, LONE_OUTLIER, N_KINDS };
static const char *const kind_name[] = {"normal",   "skewed",  "seven cases",
                                        "one case", "outlier", "lone outlier"};

static void target_of(enum kind kind, double *y)
{
    uint64_t state = 40;
    for (size_t i = 0; i < N; i++) {
        y[i] = example_normal(&state);
        if (kind == SKEWED)
            y[i] = exp(2 * y[i]);
        if (kind == SEVEN_CASES)
            y[i] = i % 17 == 3;
        if (kind == ONE_CASE)
            y[i] = i == 7;
    }
    if (kind == OUTLIER || kind == LONE_OUTLIER)
        y[7] = kind == OUTLIER ? 30 : 3000;
}

struct setting {
    struct reference reference;
    struct single_orbit orbit;
    uint32_t order[N]; /* one cycle of all subjects */
};

static void arrangement(uint64_t seed, uint64_t number, uint32_t *order)
{
    struct permutation_scheme scheme;
    struct error err = {0};
    uint32_t workspace[N];
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&scheme, NULL, N, seed, &err), 0);
    permutation_draw(&scheme, number, order, workspace);
    permutation_scheme_free(&scheme);
}

static void setting_init(struct setting *setting, size_t c, enum baseline_kind baseline)
{
    double *x = example_normals(400 * N, 3), design[N * 3];
    double *gram = example_product(x, x, N, 400, N, true);
    for (size_t i = 0; i < N * N; i++)
        gram[i] /= 400;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < c; j++)
            design[i * c + j] = j == 0 ? 1 : j == 1 ? x[i] : i % 3 == 0;
    const struct reference_shape shape = {N,        c,    OUTER,  INNER,     PENALTIES,
                                          baseline, gram, design, penalties, 9};
    reference_init(&setting->reference, &shape);
    arrangement(21, 1, setting->order);
    single_orbit_init(&setting->orbit, &setting->reference, setting->order);
    free(x);
    free(gram);
}

static void setting_free(struct setting *setting)
{
    reference_free(&setting->reference);
    single_orbit_free(&setting->orbit);
}

/* z of one arrangement of a target, in float32 as targets are kept; and its values in single. */
static float *orbit_of(const struct setting *setting, enum kind kind, uint64_t number, double *z)
{
    double y[N];
    uint32_t g[N];
    target_of(kind, y);
    reference_residualise(&setting->reference, y, 1);
    arrangement(4, number, g);
    for (size_t i = 0; i < N; i++)
        z[i] = (double)(float)y[g[i]];
    return single_orbit_values(&setting->orbit, z);
}

/* All shifts of z as columns, N x N. */
static double *shifts_of(const struct setting *setting, const double *z)
{
    double *columns = example_doubles(N * N);
    for (size_t s = 0; s < N; s++)
        for (size_t j = 0; j < N; j++)
            columns[setting->order[j] * N + s] = z[setting->order[(j + s) % N]];
    return columns;
}

/* The same values by the double path of the observed scores. */
static double *exact_values(const struct setting *setting, const double *z)
{
    struct error err = {0};
    struct observed observed;
    struct baseline covariates_only;
    const struct reference *reference = &setting->reference;
    double *columns = shifts_of(setting, z), *values = example_doubles(FORMS * N),
           *w = example_doubles(N * N);
    baseline_init(&covariates_only, BASELINE_COVARIATES, &reference->covariates, &reference->folds, &err);
    observed_init(&observed, columns, N, PENALTIES, &reference->folds, &reference->baseline, &covariates_only,
                  &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    double *workspace = example_doubles(observed_workspace(&observed, &reference->folds));
    for (size_t k = 0; k < PENALTIES; k++) {
        struct reference_operators operators;
        reference_operators_init(&operators, reference, penalties[k]);
        operators_apply(operators.p, N, columns, N, N, w);
        for (size_t o = 0; o < OUTER; o++)
            observed_fold(&observed, &reference->folds, k, o, &operators.layouts[o], operators.folds[o], w,
                          workspace);
        reference_operators_free(&operators, OUTER);
    }
    for (size_t o = 0; o < OUTER; o++)
        for (size_t s = 0; s < N; s++) {
            double *of_fold = values + o * (2 * PENALTIES + 1) * N + s;
            for (size_t k = 0; k < PENALTIES; k++) {
                of_fold[k * N] = observed.criterion[(k * OUTER + o) * N + s];
                of_fold[(PENALTIES + k) * N] = observed.error[(k * OUTER + o) * N + s];
            }
            of_fold[2 * PENALTIES * N] = observed.baseline_error[o * N + s];
        }
    observed_free(&observed);
    baseline_free(&covariates_only);
    free(columns);
    free(w);
    free(workspace);
    return values;
}

/* The score of one shift from exact errors, at the penalties that the single-precision criteria choose. */
static double exact_score(enum score_kind kind, const double *exact, const float *single, size_t shift)
{
    double error[OUTER], baseline[OUTER];
    size_t n_test[OUTER];
    for (size_t o = 0; o < OUTER; o++) {
        size_t first = o * (2 * PENALTIES + 1) * N + shift;
        double criterion[PENALTIES];
        for (size_t k = 0; k < PENALTIES; k++)
            criterion[k] = (double)single[first + k * N];
        size_t best = score_choose(criterion, PENALTIES, 1);
        error[o] = exact[first + (PENALTIES + best) * N];
        baseline[o] = exact[first + 2 * PENALTIES * N];
        n_test[o] = N / OUTER;
    }
    return score_statistic(kind, error, baseline, n_test, OUTER);
}

/* The tolerance of a target from the values of its identity's orbit; exact ones of shift 0 alone are used.
 * *kappa: what they say. */
static double tolerance_of(const struct setting *setting, enum score_kind kind, const float *single,
                           const double *exact, double *kappa)
{
    const struct reference *reference = &setting->reference;
    const struct orbit_score score = {kind, &reference->nodes, N, 1};
    double *spread_of = example_doubles(N), baseline_squares,
           *workspace = example_doubles(orbit_tolerance_workspace(&score));
    float *gain = example_rounded(spread_of, N), *baseline = example_rounded(spread_of, N);
    const struct orbit_sums sums = {gain, baseline};
    const struct orbit_spread spread = {spread_of, &baseline_squares};
    struct orbit_noise noise = {0};
    orbit_score_begin(&score, &sums);
    orbit_tolerance_begin(&score, &spread);
    for (size_t o = 0; o < OUTER; o++) {
        const float *criterion[PENALTIES], *error[PENALTIES];
        double error_rms[PENALTIES], baseline_rms;
        struct score_nodes_rows rows = reference_rows(reference, single, N, o, criterion, error);
        const double *of_fold = exact + o * (2 * PENALTIES + 1) * N;
        orbit_score_rms(&score, rows.baseline, &baseline_rms);
        orbit_tolerance_measure(&noise, (double)rows.baseline[0], of_fold[2 * PENALTIES * N], baseline_rms);
        for (size_t k = 0; k < PENALTIES; k++) {
            orbit_score_rms(&score, error[k], &error_rms[k]);
            orbit_tolerance_measure(&noise, (double)error[k][0], of_fold[(PENALTIES + k) * N], error_rms[k]);
        }
        const struct orbit_rms rms = {error_rms, &baseline_rms};
        orbit_score_add(&score, o, &rows, &baseline_rms, workspace, &sums, &sums);
        orbit_tolerance_add(&score, o, &rows, &rms, workspace, &spread);
    }
    *kappa = orbit_tolerance_kappa(&noise);
    double tolerance = orbit_tolerance_finish(&score, 0, 0, *kappa, &sums, &spread, workspace);
    free(spread_of);
    free(workspace);
    free(gain);
    free(baseline);
    return tolerance;
}

/* The noise of all shifts' error and baseline values, which shift 0 stands for. */
static double kappa_of_all(const float *single, const double *exact)
{
    struct orbit_noise noise = {0};
    for (size_t q = 0; q < FORMS; q++) {
        double squares = 0;
        for (size_t s = 0; s < N; s++)
            squares += exact[q * N + s] * exact[q * N + s];
        for (size_t s = 0; s < N && q % (2 * PENALTIES + 1) >= PENALTIES; s++)
            orbit_tolerance_measure(&noise, (double)single[q * N + s], exact[q * N + s], sqrt(squares / N));
    }
    return orbit_tolerance_kappa(&noise);
}

/* Of all pairs of shifts, the share whose exact scores lie within the tolerance of each other. */
static double share_swallowed(const double *exact, double tolerance)
{
    size_t count = 0;
    for (size_t a = 0; a < N; a++)
        for (size_t b = 0; b < a; b++)
            count += fabs(exact[a] - exact[b]) <= tolerance;
    return (double)count / (N * (N - 1) / 2);
}

/* Two orbits of one target: the tolerance, the largest error of a score, and what the tolerance swallows. */
static void check_target(const struct setting *setting, enum kind kind, enum score_kind score)
{
    double z[N], exact_scores[N], kappa = 0, tolerance = 0;
    for (uint64_t orbit = 0; orbit < 2; orbit++) {
        double worst = 0;
        float *single = orbit_of(setting, kind, orbit, z), scores[N];
        double *exact = exact_values(setting, z);
        if (orbit == 0) {
            tolerance = tolerance_of(setting, score, single, exact, &kappa);
            double of_all = kappa_of_all(single, exact);
            CU_ASSERT_TRUE(kappa < 2 * of_all && kappa > of_all / 2);
        }
        reference_scores(&setting->reference, score, single, N, 1, scores);
        for (size_t s = 0; s < N; s++) {
            exact_scores[s] = exact_score(score, exact, single, s);
            worst = fmax(worst, fabs((double)scores[s] - exact_scores[s]));
            CU_ASSERT_TRUE(isfinite(scores[s]));
        }
        if (!(worst <= tolerance))
            fprintf(stderr, "%s, orbit %zu: a score is off by %.1e, the tolerance is %.1e\n", kind_name[kind],
                    (size_t)orbit, worst, tolerance);
        CU_ASSERT_TRUE(worst <= tolerance);
        CU_ASSERT_TRUE(share_swallowed(exact_scores, tolerance) < 2e-3);
        free(single);
        free(exact);
    }
}

static void tolerances_cover_rounding_and_no_more(void)
{
    struct setting setting;
    setting_init(&setting, 3, BASELINE_COVARIATES);
    for (int kind = 0; kind < N_KINDS; kind++)
        for (int score = SCORE_MEAN_R2; score <= SCORE_POOLED_R2; score++)
            check_target(&setting, (enum kind)kind, (enum score_kind)score);
    setting_free(&setting);
}

/* Seven cases and the test set's mean as baseline: a fold without a case has a baseline error of zero, which
 * single precision leaves at 1e-7 of the others. There is a score just where every fold has a case. */
static void exact_zeros_are_found(void)
{
    struct setting setting;
    double z[N];
    float scores[N];
    size_t n_scores = 0;
    setting_init(&setting, 1, BASELINE_TEST_MEAN);
    float *single = orbit_of(&setting, SEVEN_CASES, 0, z);
    reference_scores(&setting.reference, SCORE_MEAN_R2, single, N, 1, scores);
    for (size_t s = 0; s < N; s++) {
        size_t n_with_case = 0;
        for (size_t o = 0; o < OUTER; o++) {
            bool has_case = false;
            for (size_t j = 0; j < N; j++)
                has_case |= setting.order[j] / (N / OUTER) == o && z[setting.order[(j + s) % N]] > 1;
            n_with_case += has_case;
        }
        CU_ASSERT_EQUAL(isfinite(scores[s]), n_with_case == OUTER);
        n_scores += n_with_case == OUTER;
    }
    CU_ASSERT_TRUE(n_scores > 5 && n_scores < N - 5);
    free(single);
    setting_free(&setting);
}

/* One case among equals: every shift of the identity's orbit has one of the other orbit that puts the case at
 * the same place, and p must count it. Without a tolerance rounding would split some of these ties. */
static void ties_are_not_split(void)
{
    struct setting setting;
    double z[2][N], kappa;
    float scores[2][N], *single[2];
    size_t n_lost = 0, n_lost_without = 0;
    setting_init(&setting, 1, BASELINE_COVARIATES);
    for (uint64_t orbit = 0; orbit < 2; orbit++) {
        single[orbit] = orbit_of(&setting, ONE_CASE, orbit, z[orbit]);
        reference_scores(&setting.reference, SCORE_MEAN_R2, single[orbit], N, 1, scores[orbit]);
    }
    double *exact = exact_values(&setting, z[0]);
    double tolerance = tolerance_of(&setting, SCORE_MEAN_R2, single[0], exact, &kappa);
    for (size_t a = 0; a < N; a++)
        for (size_t b = 0; b < N; b++) {
            bool same = true;
            for (size_t j = 0; j < N; j++)
                same &= z[0][setting.order[(j + a) % N]] == z[1][setting.order[(j + b) % N]];
            double observed = (double)scores[0][a], null = (double)scores[1][b];
            n_lost += same && null < observed - tolerance;
            n_lost_without += same && null < observed - SIGNIFICANCE_TIE;
        }
    CU_ASSERT_EQUAL(n_lost, 0);
    CU_ASSERT_TRUE(n_lost_without > N / 10);
    for (size_t orbit = 0; orbit < 2; orbit++)
        free(single[orbit]);
    free(exact);
    setting_free(&setting);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"tolerances_cover_rounding_and_no_more", tolerances_cover_rounding_and_no_more},
        {"exact_zeros_are_found", exact_zeros_are_found},
        {"ties_are_not_split", ties_are_not_split},
    };
    return testing_main(argc, argv, "rounding", cases, sizeof cases / sizeof *cases);
}
