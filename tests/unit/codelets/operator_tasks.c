/* compute_svd, tile_product, round_operator, apply_operator and load_fold on plain arrays: each does what its
 * function of model/ridge does, with what it was given. */
#include "codelets/apply_operator.h"
#include "codelets/compute_svd.h"
#include "codelets/finish_svd.h"
#include "codelets/load_fold.h"
#include "codelets/round_operator.h"
#include "codelets/tile_product.h"

#include "model_example.h"
#include "task_buffers.h"

enum { N = EXAMPLE_N, T = EXAMPLE_TARGETS, C = 3, FOLD = 2 };
static const double penalty = 0.7;

static struct run_status status;
static struct example example;

static void begin(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(run_status_init(&status, &err), 0);
    example_init(&example, false);
}

static void end(void)
{
    example_free(&example);
    run_status_free(&status);
}

static void compute(struct svd *svd, double smallest, double largest)
{
    struct svd_reduction reduction = {0};
    struct compute_svd_args args = {&status, example.gram, &example.covariates, smallest,
                                    largest, svd,          &reduction};
    struct task_buffers buffers = {.count = 0};
    task_buffers_nothing(&buffers);
    task_buffers_call(&buffers, begin_svd_cpu, &args, sizeof args);
    task_buffers_call(&buffers, compute_svd_cpu, &args,
                      sizeof args); /* so few people need no steps between */
    for (size_t slab = svd_slabs(svd->rank); slab-- > 0;) {
        struct finish_svd_args finish = {&status, svd, &reduction, slab};
        task_buffers_call(&buffers, finish_svd_cpu, &finish, sizeof finish);
    }
    svd_reduction_free(&reduction);
}

static void the_svd(void)
{
    begin();
    struct error err = {0};
    struct svd svd;
    CU_ASSERT_EQUAL_FATAL(svd_init(&svd, N, C, &err), 0);
    compute(&svd, penalty, penalty);
    CU_ASSERT_FALSE(run_status_failed(&status));
    CU_ASSERT_EQUAL(memcmp(svd.vectors, example.svd.vectors, svd.rank * N * sizeof *svd.vectors), 0);
    CU_ASSERT_EQUAL(memcmp(svd.eigenvalues, example.svd.eigenvalues, svd.rank * sizeof *svd.eigenvalues), 0);
    svd_free(&svd);
    end();
}

static void a_penalty_too_small_fails_the_run(void)
{
    begin();
    struct error err = {0};
    struct svd svd;
    CU_ASSERT_EQUAL_FATAL(svd_init(&svd, N, C, &err), 0);
    compute(&svd, 1e-9, penalty);
    CU_ASSERT_EQUAL(run_status_result(&status, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "1e-09");
    svd_free(&svd);
    end();
}

static void a_penalty_too_large_fails_the_run(void)
{
    begin();
    struct error err = {0};
    struct svd svd;
    CU_ASSERT_EQUAL_FATAL(svd_init(&svd, N, C, &err), 0);
    compute(&svd, penalty, 1e8);
    CU_ASSERT_EQUAL(run_status_result(&status, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "lambda = 1e+08 found; expected at most");
    svd_free(&svd);
    end();
}

static void multiply(size_t first_row, size_t n_rows, size_t first_column, size_t n_columns, double *p)
{
    double *workspace = example_doubles(example.svd.rank * n_rows);
    struct tile_product_args args = {&status, &example.svd, penalty,   first_row,
                                     n_rows,  first_column, n_columns, p};
    struct task_buffers buffers = {.count = 0};
    task_buffers_nothing(&buffers);
    task_buffers_vector(&buffers, workspace, example.svd.rank * n_rows, sizeof *workspace);
    task_buffers_nothing(&buffers);
    task_buffers_call(&buffers, tile_product_cpu, &args, sizeof args);
    free(workspace);
}

/* P in three tiles, against W diag(lambda/(s + lambda)) W' by plain loops. */
static void tiles_make_the_operator(void)
{
    begin();
    enum { CUT = 40 };
    const struct svd *svd = &example.svd;
    double *p = example_doubles(N * N), *scaled = example_doubles(svd->rank * N);
    multiply(0, CUT, 0, CUT, p);
    multiply(CUT, N - CUT, CUT, N - CUT, p);
    multiply(CUT, N - CUT, 0, CUT, p); /* and its mirror image */
    for (size_t k = 0; k < svd->rank; k++)
        for (size_t i = 0; i < N; i++)
            scaled[k * N + i] = svd->vectors[k * N + i] * penalty / (svd->eigenvalues[k] + penalty);
    double *expected = example_product(scaled, svd->vectors, N, svd->rank, N, true);
    CU_ASSERT_TRUE(example_distance(p, expected, N * N) < 1e-13);
    free(p);
    free(scaled);
    free(expected);
    end();
}

static void rounding(const double *p, float *single)
{
    struct round_operator_args args = {&status, p, N};
    struct task_buffers buffers = {.count = 0};
    task_buffers_matrix(&buffers, single, N, N, N, sizeof *single);
    task_buffers_nothing(&buffers);
    task_buffers_call(&buffers, round_operator_cpu, &args, sizeof args);
}

static void the_operator_is_rounded(void)
{
    begin();
    double *p = example_operator(&example, penalty);
    static float single[N * N];
    size_t n_wrong = 0;
    rounding(p, single);
    for (size_t i = 0; i < N * N; i++)
        n_wrong += single[i] != (float)p[i];
    CU_ASSERT_EQUAL(n_wrong, 0);
    free(p);
    end();
}

/* Columns 2 ... 4 of the targets; the others of `fitted` stay. */
static void the_operator_is_applied(void)
{
    begin();
    enum { FIRST = 2, COUNT = 3 };
    double *p = example_operator(&example, penalty), *fitted = example_doubles(N * T);
    double *expected = example_product(p, example.targets, N, N, T, false);
    struct apply_operator_args args = {&status, p, N, example.targets + FIRST, fitted + FIRST, T, COUNT};
    struct task_buffers buffers = {.count = 0};
    task_buffers_nothing(&buffers);
    task_buffers_call(&buffers, apply_operator_cpu, &args, sizeof args);
    for (size_t i = 0; i < N; i++)
        for (size_t t = 0; t < T; t++)
            if (t >= FIRST && t < FIRST + COUNT)
                ASSERT_NEAR(fitted[i * T + t], expected[i * T + t], 1e-12);
            else
                CU_ASSERT_TRUE(isnan(fitted[i * T + t]));
    free(p);
    free(fitted);
    free(expected);
    end();
}

/* What load_fold is given besides. */
struct fold {
    double *p, *fitted; /* fitted: P y, then P S */
    struct operator_layout layout;
    struct lost_directions lost;
    struct baseline baseline;
    struct observed observed, expected_observed;
    struct penalty_sketch sketch, expected_sketch;
    double *operators; /* as model/ridge makes them */
};

static double *fitted_of(const struct fold *fold)
{
    size_t r = fold->sketch.n_probes;
    double *fitted = example_doubles(N * (T + r));
    operators_apply(fold->p, N, example.targets, T, T, fitted);
    operators_apply(fold->p, N, fold->sketch.probes, r, r, fitted + N * T);
    return fitted;
}

static void fold_init(struct fold *fold)
{
    struct error err = {0};
    const struct folds *folds = &example.folds;
    fold->p = example_operator(&example, penalty);
    fold->operators = example_fold(&example, fold->p, FOLD, &fold->layout);
    lost_directions_init(&fold->lost, &example.covariates, folds, FOLD, &err);
    baseline_init(&fold->baseline, BASELINE_COVARIATES, &example.covariates, folds, &err);
    observed_init(&fold->observed, example.targets, T, 2, folds,
                  &(struct observed_baselines){&fold->baseline, &fold->baseline}, &err);
    observed_init(&fold->expected_observed, example.targets, T, 2, folds,
                  &(struct observed_baselines){&fold->baseline, &fold->baseline}, &err);
    penalty_sketch_init(&fold->sketch, folds, 2, NULL, &err);
    penalty_sketch_init(&fold->expected_sketch, folds, 2, NULL, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    fold->fitted = fitted_of(fold);
}

static void fold_free(struct fold *fold)
{
    free(fold->p);
    free(fold->operators);
    free(fold->fitted);
    operator_layout_free(&fold->layout);
    lost_directions_free(&fold->lost, EXAMPLE_INNER);
    baseline_free(&fold->baseline);
    observed_free(&fold->observed);
    observed_free(&fold->expected_observed);
    penalty_sketch_free(&fold->sketch);
    penalty_sketch_free(&fold->expected_sketch);
}

static struct load_fold_args args_of(struct fold *fold, const double *p)
{
    return (struct load_fold_args){.status = &status,
                                   .p = p,
                                   .folds = &example.folds,
                                   .layout = &fold->layout,
                                   .lost = &fold->lost,
                                   .outer_fold = FOLD,
                                   .penalty = 1,
                                   .observed = &fold->observed,
                                   .sketch = &fold->sketch,
                                   .fitted = fold->fitted};
}

/* kept: where the operators go in float32; NULL = nowhere */
static void load(struct load_fold_args args, float *kept)
{
    size_t n_workspace = load_fold_workspace(&args);
    double *workspace = example_doubles(n_workspace);
    for (size_t i = 0; i < args.layout->count; i++)
        workspace[i] = 0; /* the gaps between blocks are rounded too */
    struct task_buffers buffers = {.count = 0};
    task_buffers_vector(&buffers, workspace, n_workspace, sizeof *workspace);
    if (kept != NULL)
        task_buffers_vector(&buffers, kept, args.layout->count, sizeof *kept);
    args.is_kept = kept != NULL;
    task_buffers_call(&buffers, load_fold_cpu, &args, sizeof args);
    free(workspace);
}

static void expect(struct fold *fold)
{
    size_t n_observed = observed_workspace(&fold->expected_observed, &example.folds);
    size_t n_sketch = penalty_sketch_workspace(&fold->expected_sketch, &example.folds);
    double *workspace = example_doubles(n_observed + n_sketch);
    observed_fold(&fold->expected_observed,
                  &(struct operators_of_fold){&example.folds, FOLD, &fold->layout, fold->operators}, 1,
                  fold->fitted, workspace);
    penalty_sketch_fold(&fold->expected_sketch,
                        &(struct operators_of_fold){&example.folds, FOLD, &fold->layout, fold->operators}, 1,
                        fold->fitted + N * T, workspace);
    free(workspace);
}

/* How many sketched numbers, criteria and errors of the penalty and fold differ from the expected ones. */
static size_t n_different(const struct fold *fold)
{
    size_t n_wrong = 0, at = (1 * EXAMPLE_OUTER + FOLD) * T;
    for (size_t t = at; t < at + T; t++)
        n_wrong += fold->observed.criterion[t] != fold->expected_observed.criterion[t] ||
                   fold->observed.error[t] != fold->expected_observed.error[t];
    for (int form = 0; form < N_PENALTY_FORMS; form++) {
        const double *found = penalty_sketch_packed(&fold->sketch, (enum penalty_form)form, FOLD, 1);
        const double *expected =
            penalty_sketch_packed(&fold->expected_sketch, (enum penalty_form)form, FOLD, 1);
        for (size_t i = 0; i < fold->sketch.n_packed; i++)
            n_wrong += found[i] != expected[i];
    }
    return n_wrong;
}

static void a_fold_is_loaded(void)
{
    begin();
    struct error err = {0};
    struct fold fold;
    fold_init(&fold);
    float *kept = memory_aligned(fold.layout.count, sizeof *kept, "a test", &err);
    load(args_of(&fold, fold.p), kept);
    expect(&fold);
    CU_ASSERT_FALSE(run_status_failed(&status));
    CU_ASSERT_EQUAL(n_different(&fold), 0);
    size_t n_wrong = 0;
    for (size_t i = 0; i < fold.layout.count; i++)
        n_wrong += kept[i] != (float)fold.operators[i];
    CU_ASSERT_EQUAL(n_wrong, 0);
    free(kept);
    fold_free(&fold);
    end();
}

/* For the observed scores and the sketches alone. */
static void operators_need_not_be_kept(void)
{
    begin();
    struct fold fold;
    fold_init(&fold);
    load(args_of(&fold, fold.p), NULL);
    expect(&fold);
    CU_ASSERT_FALSE(run_status_failed(&status));
    CU_ASSERT_EQUAL(n_different(&fold), 0);
    fold_free(&fold);
    end();
}

static void a_fold_that_cannot_be_is_named(void)
{
    begin();
    struct error err = {0};
    struct fold fold;
    fold_init(&fold);
    double *nothing = example_doubles(N * N);
    for (size_t i = 0; i < N * N; i++)
        nothing[i] = 0;
    load(args_of(&fold, nothing), NULL);
    CU_ASSERT_EQUAL(run_status_result(&status, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "(outer fold 3, penalty 2)");
    free(nothing);
    fold_free(&fold);
    end();
}

static void a_failed_run_computes_nothing(void)
{
    begin();
    struct error err = {0};
    struct fold fold;
    fold_init(&fold);
    expect(&fold);
    run_status_stop(&status, "while this is tested");
    double *p = example_doubles(N * N);
    static float single[N * N];
    struct svd svd;
    CU_ASSERT_EQUAL_FATAL(svd_init(&svd, N, C, &err), 0);
    svd.eigenvalues[0] = -1;
    compute(&svd, penalty, penalty);
    multiply(0, N, 0, N, p);
    rounding(fold.p, single);
    load(args_of(&fold, fold.p), NULL);
    CU_ASSERT_EQUAL(svd.eigenvalues[0], -1);
    CU_ASSERT_TRUE(isnan(p[0]) && isnan(p[N * N - 1]));
    CU_ASSERT_EQUAL(single[0], 0);
    CU_ASSERT_NOT_EQUAL(n_different(&fold), 0);
    svd_free(&svd);
    free(p);
    fold_free(&fold);
    end();
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"the_svd", the_svd},
        {"a_penalty_too_small_fails_the_run", a_penalty_too_small_fails_the_run},
        {"a_penalty_too_large_fails_the_run", a_penalty_too_large_fails_the_run},
        {"tiles_make_the_operator", tiles_make_the_operator},
        {"the_operator_is_rounded", the_operator_is_rounded},
        {"the_operator_is_applied", the_operator_is_applied},
        {"a_fold_is_loaded", a_fold_is_loaded},
        {"operators_need_not_be_kept", operators_need_not_be_kept},
        {"a_fold_that_cannot_be_is_named", a_fold_that_cannot_be_is_named},
        {"a_failed_run_computes_nothing", a_failed_run_computes_nothing},
    };
    return testing_main(argc, argv, "codelets/operator_tasks", cases, sizeof cases / sizeof *cases);
}
