/* Permutations by tasks on one worker, and their observed scores in two ranks (mpi/unit_permutation_graph),
 * against plain calls: the same bits. */
#include "tasks/permutation_graph.h"

#include "example_campaign_file.h"
#include "model/ridge/score_nodes.h"
#include "operators_example.h"

enum { N = EXAMPLE_N, T = EXAMPLE_TARGETS, OUTER = EXAMPLE_OUTER, PENALTIES = OPERATORS_EXAMPLE_PENALTIES };
enum { G = 1000 / T, UNITS = 5 };

struct study {
    struct operators_example made;
    struct penalty_nodes nodes;
    struct permutation_scheme scheme;
    float *targets;
    size_t n_test[OUTER];
    struct fold_chains chains;
    struct permutation_graph_input input;
};

static void study_init(struct study *study)
{
    struct error err = {0};
    operators_example_init(&study->made);
    operators_example_compute(&study->made);
    penalty_nodes_exact(&study->nodes, PENALTIES, OUTER, &err);
    permutation_scheme_init(&study->scheme, NULL, N, 3, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    study->targets = example_rounded(study->made.example.targets, N * T);
    for (size_t o = 0; o < OUTER; o++)
        study->n_test[o] = study->made.example.folds.rows[o].n_test;
    study->chains = fold_chains_of(&study->made.placement, folds_all(&study->made.example.folds));
    study->input = (struct permutation_graph_input){.folds = &study->made.example.folds,
                                                    .nodes = &study->nodes,
                                                    .operators = &study->made.shared,
                                                    .chains = &study->chains,
                                                    .baseline = &study->made.baseline,
                                                    .scheme = &study->scheme,
                                                    .targets = study->targets,
                                                    .n_targets = T,
                                                    .score = SCORE_MEAN_R2};
}

static void study_free(struct study *study)
{
    free(study->targets);
    permutation_scheme_free(&study->scheme);
    penalty_nodes_free(&study->nodes);
    operators_example_free(&study->made);
}

static float *floats(size_t count)
{
    double *nothing = example_doubles(count);
    float *values = example_rounded(nothing, count); /* NaN */
    free(nothing);
    return values;
}

/* Scores of permutations first ... first+G-1 by plain calls, with the graph's own operators. */
static float *expected_scores(const struct study *study, uint64_t first)
{
    const struct folds *folds = &study->made.example.folds;
    const struct shared_operators *shared = &study->made.shared;
    struct ridge_tiling tiling = ridge_tiling_of(T);
    size_t columns = ridge_tiling_columns(&tiling, 0);
    float *gathered = floats(N * columns), *baseline = floats(OUTER * columns), *scores = floats(columns);
    float *workspace = floats(ridge_workspace(folds, study->made.baseline.c, columns)), *sums[PENALTIES];
    uint32_t orders[2 * N];
    ridge_gather(&study->scheme, first, &tiling, 0, study->targets, gathered, orders);
    ridge_baseline(folds, shared->span, &study->made.baseline, gathered, columns, workspace, baseline);
    for (size_t k = 0; k < PENALTIES; k++) {
        const struct ridge_operators operators = {
            shared->span, shared->p[k], (const float *const *)shared->folds + k * OUTER, shared->layouts};
        sums[k] = floats(2 * OUTER * columns);
        ridge_tile(folds, &operators, gathered, columns, workspace, sums[k]);
    }
    const struct score_tile tile = {
        SCORE_MEAN_R2, &study->nodes, study->n_test, shared->span, (const float *const *)sums,
        baseline,      columns};
    score_nodes_columns(&tile, NULL, NULL, scores);
    for (size_t k = 0; k < PENALTIES; k++)
        free(sums[k]);
    free(gathered);
    free(baseline);
    free(workspace);
    return scores;
}

/* Rank 0 knows them. */
static void observed_scores(void)
{
    struct error err = {0};
    struct study study;
    float score[T] = {0};
    study_init(&study);
    CU_ASSERT_EQUAL_FATAL(
        permutation_graph_observed(&runtime, &study.input, NULL, score, &never_stopped, &err), 0);
    if (ranks.rank == 0) {
        float *expected = expected_scores(&study, 0);
        CU_ASSERT_EQUAL(memcmp(score, expected, T * sizeof *score), 0);
        for (size_t t = 0; t < T; t++)
            CU_ASSERT_TRUE(score[t] < 1 && score[t] != 0); /* r2, no NaN */
        free(expected);
    }
    study_free(&study);
}

static int run_units(struct study *study, struct campaign_units *units, const bool *done,
                     const struct progress_sink *progress, struct error *err)
{
    static const int64_t one_worker = 1;
    struct unit_blocks blocks;
    unit_blocks_begin(&blocks, done, UNITS, 2, &one_worker, 1);
    return permutation_graph_run(&runtime, &study->input, units, &blocks, progress, err);
}

static struct campaign_units *open_units(void)
{
    struct error err = {0};
    struct campaign_units *units;
    const char *path = example_campaign_file(T, UNITS * G, G);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open(&units, path, &err), 0);
    return units;
}

static void assert_done(const struct campaign_units *units, const char *expected)
{
    struct error err = {0};
    bool done[UNITS];
    char found[UNITS + 1] = "";
    CU_ASSERT_EQUAL(campaign_units_done(units, done, &err), 0);
    for (size_t u = 0; u < UNITS; u++)
        found[u] = done[u] ? '1' : '0';
    CU_ASSERT_STRING_EQUAL(found, expected);
}

/* One unit counts as done: it is left out. */
static void what_is_missing_is_computed_and_saved(void)
{
    if (ranks.size > 1)
        return;
    struct error err = {0};
    struct study study;
    const bool done[UNITS] = {[2] = true};
    float rows[G * T];
    graph_testing_start();
    study_init(&study);
    struct campaign_units *units = open_units();
    CU_ASSERT_EQUAL_FATAL(run_units(&study, units, done, &never_stopped, &err), 0);
    assert_done(units, "11011");
    for (size_t u = 0; u < UNITS; u++) {
        if (done[u])
            continue;
        float *expected = expected_scores(&study, u * G + 1);
        CU_ASSERT_EQUAL(campaign_units_read(units, (int64_t)u * G, G, rows, &err), 0);
        CU_ASSERT_EQUAL(memcmp(rows, expected, sizeof rows), 0);
        free(expected);
    }
    campaign_units_close(units);
    study_free(&study);
}

static void it_stops_when_asked(void)
{
    if (ranks.size > 1)
        return;
    struct error err = {0};
    struct study study;
    const bool done[UNITS] = {false};
    graph_testing_start();
    study_init(&study);
    struct campaign_units *units = open_units();
    CU_ASSERT_EQUAL(run_units(&study, units, done, &stopped_at_once, &err), EXIT_CODE_STOPPED);
    CU_ASSERT_STRING_EQUAL(err.message, "stopped on request");
    assert_done(units, "00000");
    campaign_units_close(units);
    study_free(&study);
}

/* A save that fails ends the run with its error. */
static void a_save_that_fails_ends_it(void)
{
    if (ranks.size > 1)
        return;
    struct error err = {0};
    struct study study;
    const bool done[UNITS] = {false};
    struct campaign_units *units;
    const char *path = example_campaign_file(T, UNITS * G, G);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open_read(&units, path, &err), 0);
    graph_testing_start();
    study_init(&study);
    CU_ASSERT_EQUAL(run_units(&study, units, done, &never_stopped, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, path);
    campaign_units_close(units);
    study_free(&study);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"observed_scores", observed_scores},
        {"what_is_missing_is_computed_and_saved", what_is_missing_is_computed_and_saved},
        {"it_stops_when_asked", it_stops_when_asked},
        {"a_save_that_fails_ends_it", a_save_that_fails_ends_it},
    };
    return graph_testing_main(argc, argv, "tasks/permutation_graph", cases, sizeof cases / sizeof *cases);
}
