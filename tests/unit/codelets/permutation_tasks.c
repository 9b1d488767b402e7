/* gather_targets, ridge_batch, baseline_batch and reduce on plain arrays: a column tile from targets to
 * scores has the bits of model/ridge's functions, and a failed run leaves nothing that looks finished. */
#include "codelets/baseline_batch.h"
#include "codelets/gather_targets.h"
#include "codelets/reduce.h"
#include "codelets/ridge_batch.h"

#include "model/ridge/score_nodes.h"
#include "model_example.h"
#include "task_buffers.h"

enum { N = EXAMPLE_N, T = EXAMPLE_TARGETS, OUTER = EXAMPLE_OUTER, C = 3, PENALTIES = 2, FIRST = 5 };
static const struct fold_span ALL = {0, OUTER};
static const double penalties[PENALTIES] = {0.3, 2};

/* Everything a column tile is made of, and what is made of it. */
struct study {
    struct run_status status;
    struct example example;
    struct baseline baseline;
    struct permutation_scheme scheme;
    struct penalty_nodes nodes;
    struct ridge_tiling tiling;
    size_t columns, n_workspace, n_test[OUTER];
    struct operator_layout layouts[OUTER];
    float *targets, *p[PENALTIES], *folds[PENALTIES][OUTER];
    atomic_llong n_reduced;
};

struct tile {
    float *gathered, *baseline, *sums[PENALTIES], *scores, *workspace;
    uint32_t orders[2 * N];
};

static float *floats(size_t count)
{
    double *nothing = example_doubles(count);
    float *values = example_rounded(nothing, count); /* NaN */
    free(nothing);
    return values;
}

static void study_add_penalty(struct study *study, size_t k)
{
    double *p = example_operator(&study->example, penalties[k]);
    study->p[k] = example_rounded(p, N * N);
    for (size_t o = 0; o < OUTER; o++) {
        operator_layout_free(&study->layouts[o]);
        double *operators = example_fold(&study->example, p, o, &study->layouts[o]);
        study->folds[k][o] = example_rounded(operators, study->layouts[o].count);
        free(operators);
    }
    free(p);
}

static void study_init(struct study *study)
{
    struct error err = {0};
    *study = (struct study){.tiling = ridge_tiling_of(T)};
    run_status_init(&study->status, &err);
    example_init(&study->example, false);
    const struct folds *folds = &study->example.folds;
    baseline_init(&study->baseline, BASELINE_COVARIATES, &study->example.covariates, folds, &err);
    permutation_scheme_init(&study->scheme, NULL, N, 3, &err);
    penalty_nodes_exact(&study->nodes, PENALTIES, OUTER, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    study->columns = ridge_tiling_columns(&study->tiling, 0);
    study->n_workspace = ridge_workspace(folds, C, study->columns);
    study->targets = example_rounded(study->example.targets, N * T);
    for (size_t o = 0; o < OUTER; o++)
        study->n_test[o] = folds->rows[o].n_test;
    for (size_t k = 0; k < PENALTIES; k++)
        study_add_penalty(study, k);
}

static void study_free(struct study *study)
{
    for (size_t o = 0; o < OUTER; o++)
        operator_layout_free(&study->layouts[o]);
    for (size_t k = 0; k < PENALTIES; k++) {
        free(study->p[k]);
        for (size_t o = 0; o < OUTER; o++)
            free(study->folds[k][o]);
    }
    free(study->targets);
    baseline_free(&study->baseline);
    permutation_scheme_free(&study->scheme);
    penalty_nodes_free(&study->nodes);
    example_free(&study->example);
    run_status_free(&study->status);
}

static void tile_init(struct tile *tile, const struct study *study)
{
    tile->gathered = floats(N * study->columns);
    tile->baseline = floats(OUTER * study->columns);
    tile->scores = floats(study->columns);
    tile->workspace = floats(study->n_workspace);
    for (size_t k = 0; k < PENALTIES; k++)
        tile->sums[k] = floats(2 * OUTER * study->columns);
}

static void tile_free(struct tile *tile)
{
    free(tile->gathered);
    free(tile->baseline);
    free(tile->scores);
    free(tile->workspace);
    for (size_t k = 0; k < PENALTIES; k++)
        free(tile->sums[k]);
}

static void gather(struct study *study, struct tile *tile)
{
    struct gather_targets_args args = {&study->status, &study->scheme, &study->tiling, FIRST, 0};
    struct task_buffers buffers = {.count = 0};
    task_buffers_matrix(&buffers, study->targets, N, T, T, sizeof(float));
    task_buffers_vector(&buffers, tile->orders, 2 * N, sizeof *tile->orders);
    task_buffers_matrix(&buffers, tile->gathered, N, study->columns, study->columns, sizeof(float));
    task_buffers_call(&buffers, gather_targets_cpu, &args, sizeof args);
}

static void ridge(struct study *study, struct tile *tile, size_t k)
{
    struct ridge_batch_args args = {&study->status, &study->example.folds, ALL, study->layouts,
                                    study->columns};
    struct task_buffers buffers = {.count = 0};
    task_buffers_matrix(&buffers, study->p[k], N, N, N, sizeof(float));
    task_buffers_matrix(&buffers, tile->gathered, N, study->columns, study->columns, sizeof(float));
    task_buffers_vector(&buffers, tile->workspace, study->n_workspace, sizeof(float));
    task_buffers_matrix(&buffers, tile->sums[k], 2 * OUTER, study->columns, study->columns, sizeof(float));
    for (size_t o = 0; o < OUTER; o++)
        task_buffers_vector(&buffers, study->folds[k][o], study->layouts[o].count, sizeof(float));
    task_buffers_call(&buffers, ridge_batch_cpu, &args, sizeof args);
}

static void measure_against(struct study *study, struct tile *tile)
{
    struct baseline_batch_args args = {&study->status, &study->example.folds, ALL, &study->baseline,
                                       study->columns};
    struct task_buffers buffers = {.count = 0};
    task_buffers_matrix(&buffers, tile->gathered, N, study->columns, study->columns, sizeof(float));
    task_buffers_vector(&buffers, tile->workspace, study->n_workspace, sizeof(float));
    task_buffers_matrix(&buffers, tile->baseline, OUTER, study->columns, study->columns, sizeof(float));
    task_buffers_call(&buffers, baseline_batch_cpu, &args, sizeof args);
}

/* to: scores, or doubles where the last of the folds is not among them; from: or NULL. */
static void reduce_folds(struct study *study, struct tile *tile, struct fold_span span, const double *from,
                         void *to)
{
    struct reduce_args args = {.status = &study->status,
                               .kind = SCORE_MEAN_R2,
                               .nodes = &study->nodes,
                               .n_test = study->n_test,
                               .span = span,
                               .columns = study->columns,
                               .from = from,
                               .n_reduced = &study->n_reduced};
    struct task_buffers buffers = {.count = 0};
    task_buffers_vector(&buffers, to, study->columns,
                        span.first + span.count == OUTER ? sizeof(float) : sizeof(double));
    task_buffers_matrix(&buffers, tile->baseline, OUTER, study->columns, study->columns, sizeof(float));
    for (size_t k = 0; k < PENALTIES; k++)
        task_buffers_matrix(&buffers, tile->sums[k], 2 * OUTER, study->columns, study->columns,
                            sizeof(float));
    task_buffers_call(&buffers, reduce_cpu, &args, sizeof args);
}

static void reduce(struct study *study, struct tile *tile)
{
    reduce_folds(study, tile, ALL, NULL, tile->scores);
}

/* The tile by plain calls. */
static void expect(const struct study *study, struct tile *tile)
{
    const struct folds *folds = &study->example.folds;
    const float *sums[PENALTIES];
    ridge_gather(&study->scheme, FIRST, &study->tiling, 0, study->targets, tile->gathered, tile->orders);
    ridge_baseline(folds, ALL, &study->baseline, tile->gathered, study->columns, tile->workspace,
                   tile->baseline);
    for (size_t k = 0; k < PENALTIES; k++) {
        const float *of_folds[OUTER];
        for (size_t o = 0; o < OUTER; o++)
            of_folds[o] = study->folds[k][o];
        const struct ridge_operators operators = {ALL, study->p[k], of_folds, study->layouts};
        ridge_tile(folds, &operators, tile->gathered, study->columns, tile->workspace, tile->sums[k]);
        sums[k] = tile->sums[k];
    }
    const struct score_tile whole = {SCORE_MEAN_R2, &study->nodes,  study->n_test, ALL,
                                     sums,          tile->baseline, study->columns};
    score_nodes_columns(&whole, NULL, NULL, tile->scores);
}

static void compute(struct study *study, struct tile *tile)
{
    gather(study, tile);
    measure_against(study, tile);
    for (size_t k = 0; k < PENALTIES; k++)
        ridge(study, tile, k);
    reduce(study, tile);
}

static bool same(const float *a, const float *b, size_t count)
{
    return memcmp(a, b, count * sizeof *a) == 0;
}

static void a_tile_from_targets_to_scores(void)
{
    struct study study;
    struct tile found, expected;
    study_init(&study);
    tile_init(&found, &study);
    tile_init(&expected, &study);
    compute(&study, &found);
    expect(&study, &expected);
    CU_ASSERT_TRUE(same(found.gathered, expected.gathered, N * study.columns));
    CU_ASSERT_TRUE(same(found.baseline, expected.baseline, OUTER * study.columns));
    for (size_t k = 0; k < PENALTIES; k++)
        CU_ASSERT_TRUE(same(found.sums[k], expected.sums[k], 2 * OUTER * study.columns));
    CU_ASSERT_TRUE(same(found.scores, expected.scores, study.columns));
    for (size_t i = 0; i < study.columns; i++)
        CU_ASSERT_TRUE(found.scores[i] < 1); /* r2: no NaN either */
    CU_ASSERT_EQUAL(atomic_load(&study.n_reduced), 1);
    CU_ASSERT_FALSE(run_status_failed(&study.status));
    tile_free(&found);
    tile_free(&expected);
    study_free(&study);
}

/* Sums may have been asked for by another rank: they are marked, and so are the scores made of them. */
static void a_failed_run_poisons_what_others_may_get(void)
{
    struct study study;
    struct tile tile;
    study_init(&study);
    tile_init(&tile, &study);
    gather(&study, &tile);
    measure_against(&study, &tile);
    ridge(&study, &tile, 0);
    run_status_poison(tile.sums[1]); /* as another rank would have left it */
    reduce(&study, &tile);
    CU_ASSERT_TRUE(run_status_poisoned(tile.scores));
    CU_ASSERT_EQUAL(atomic_load(&study.n_reduced), 0);
    run_status_stop(&study.status, "while this is tested");
    ridge(&study, &tile, 0);
    CU_ASSERT_TRUE(run_status_poisoned(tile.sums[0]));
    tile_free(&tile);
    study_free(&study);
}

/* Sums of the folds before that never came: what they would have gone into is marked, and the run, which
 * failed elsewhere, has no other error for it. */
static void poison_goes_on_through_the_folds(void)
{
    struct study study;
    struct tile tile;
    study_init(&study);
    tile_init(&tile, &study);
    compute(&study, &tile);
    double *from = example_doubles(SCORE_MOST_SUMS * study.columns);
    double *to = example_doubles(SCORE_MOST_SUMS * study.columns);
    run_status_poison_doubles(from);
    reduce_folds(&study, &tile, (struct fold_span){1, 1}, from, to);
    CU_ASSERT_TRUE(run_status_poisoned_doubles(to));
    reduce_folds(&study, &tile, (struct fold_span){1, OUTER - 1}, from, tile.scores);
    CU_ASSERT_TRUE(run_status_poisoned(tile.scores));
    CU_ASSERT_FALSE(run_status_failed(&study.status));
    CU_ASSERT_EQUAL(atomic_load(&study.n_reduced), 1);
    free(from);
    free(to);
    tile_free(&tile);
    study_free(&study);
}

/* An error of infinity, whatever made it: the run fails, and the scores are marked, so that nobody saves
 * them.
 */
static void a_score_that_is_no_number_is_not_handed_on(void)
{
    struct study study;
    struct tile tile;
    study_init(&study);
    tile_init(&tile, &study);
    gather(&study, &tile);
    measure_against(&study, &tile);
    for (size_t k = 0; k < PENALTIES; k++) {
        ridge(&study, &tile, k);
        tile.sums[k][OUTER * study.columns + 3] = INFINITY;
    }
    reduce(&study, &tile);
    CU_ASSERT_TRUE(run_status_failed(&study.status) && run_status_poisoned(tile.scores));
    tile_free(&tile);
    study_free(&study);
}

static void a_failed_run_computes_nothing(void)
{
    struct study study;
    struct tile tile;
    study_init(&study);
    tile_init(&tile, &study);
    run_status_stop(&study.status, "while this is tested");
    compute(&study, &tile);
    CU_ASSERT_TRUE(isnan(tile.gathered[0]) && isnan(tile.gathered[N * study.columns - 1]));
    CU_ASSERT_TRUE(isnan(tile.baseline[0]) && isnan(tile.scores[0]));
    CU_ASSERT_EQUAL(atomic_load(&study.n_reduced), 0);
    tile_free(&tile);
    study_free(&study);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_tile_from_targets_to_scores", a_tile_from_targets_to_scores},
        {"a_failed_run_poisons_what_others_may_get", a_failed_run_poisons_what_others_may_get},
        {"poison_goes_on_through_the_folds", poison_goes_on_through_the_folds},
        {"a_score_that_is_no_number_is_not_handed_on", a_score_that_is_no_number_is_not_handed_on},
        {"a_failed_run_computes_nothing", a_failed_run_computes_nothing},
    };
    return testing_main(argc, argv, "codelets/permutation_tasks", cases, sizeof cases / sizeof *cases);
}
