/* SVD, operators, observed scores and sketches by tasks on one worker, and in two ranks, on one machine
 * and on two (mpi/unit_operator_graph), against plain calls. */
#include "tasks/operator_graph.h"

#include "operators_example.h"

enum { N = EXAMPLE_N, T = EXAMPLE_TARGETS, OUTER = EXAMPLE_OUTER, PENALTIES = OPERATORS_EXAMPLE_PENALTIES };

static double distance_of_single(const float *found, const double *expected, size_t count)
{
    double worst = 0;
    for (size_t i = 0; i < count; i++) {
        double distance = fabs(found[i] - expected[i]) / (1 + fabs(expected[i]));
        worst = distance > worst ? distance : worst;
        worst = isnan(distance) ? INFINITY : worst;
    }
    return worst;
}

/* M_o, C and the triangles R_b of one fold; nothing is said of what stands between them. */
static double distance_of_fold(const float *found, const double *expected, const struct fold_rows *rows,
                               const struct operator_layout *layout)
{
    size_t n_test = rows->n_test, n_train = rows->inner_start[EXAMPLE_INNER];
    double worst = distance_of_single(found + layout->inverse, expected + layout->inverse, n_test * n_test);
    worst =
        fmax(worst, distance_of_single(found + layout->cross, expected + layout->cross, n_train * n_test));
    for (size_t b = 0; b < EXAMPLE_INNER; b++) {
        size_t n_rows = rows->inner_start[b + 1] - rows->inner_start[b];
        for (size_t i = 0; i < n_rows; i++) {
            size_t at = layout->factor[b] + i * n_rows + i;
            worst = fmax(worst, distance_of_single(found + at, expected + at, n_rows - i));
        }
    }
    return worst;
}

/* The operators of penalty k. */
static void assert_operators(const struct operators_example *results, size_t k, const double *p, size_t o,
                             const double *operators, const struct operator_layout *layout)
{
    const struct shared_operators *shared = &results->shared;
    CU_ASSERT_TRUE(distance_of_single(shared->p[k], p, N * N) < 1e-6);
    CU_ASSERT_EQUAL(shared->layouts[o].count, layout->count);
    CU_ASSERT_TRUE(distance_of_fold(shared->folds[k * OUTER + o], operators, &results->example.folds.rows[o],
                                    layout) < 1e-6);
}

/* Observed scores and sketches, which rank 0 has of all. */
static void assert_observed(const struct operators_example *results, size_t k, size_t o,
                            const struct observed *observed, const struct penalty_sketch *sketch)
{
    size_t at = (k * OUTER + o) * T;
    if (ranks.rank != 0)
        return;
    CU_ASSERT_TRUE(example_distance(results->observed.criterion + at, observed->criterion + at, T) < 1e-12);
    CU_ASSERT_TRUE(example_distance(results->observed.error + at, observed->error + at, T) < 1e-11);
    for (int form = 0; form < N_PENALTY_FORMS; form++)
        CU_ASSERT_TRUE(
            example_distance(penalty_sketch_packed(&results->sketch, (enum penalty_form)form, o, k),
                             penalty_sketch_packed(sketch, (enum penalty_form)form, o, k),
                             sketch->n_packed) < 1e-10);
}

/* Penalty k by plain calls, fold after fold. */
static void assert_penalty(const struct operators_example *results, size_t k, struct observed *observed,
                           struct penalty_sketch *sketch)
{
    const struct example *example = &results->example;
    size_t r = sketch->n_probes;
    double *p = example_operator(example, operators_example_penalties[k]);
    double *w = example_product(p, example->targets, N, N, T, false);
    double *probed = example_product(p, sketch->probes, N, N, r, false);
    size_t n_observed = observed_workspace(observed, &example->folds);
    size_t n_sketch = penalty_sketch_workspace(sketch, &example->folds);
    double *workspace = example_doubles(n_observed > n_sketch ? n_observed : n_sketch);
    for (size_t o = 0; o < OUTER; o++) {
        struct operator_layout layout;
        double *operators = example_fold(example, p, o, &layout);
        observed_fold(observed, &(struct operators_of_fold){&example->folds, o, &layout, operators}, k, w,
                      workspace);
        penalty_sketch_fold(sketch, &(struct operators_of_fold){&example->folds, o, &layout, operators}, k,
                            probed, workspace);
        assert_operators(results, k, p, o, operators, &layout);
        assert_observed(results, k, o, observed, sketch);
        free(operators);
        operator_layout_free(&layout);
    }
    free(p);
    free(w);
    free(probed);
    free(workspace);
}

static void same_as_plain_calls(void)
{
    struct error err = {0};
    struct operators_example results;
    struct observed observed;
    struct penalty_sketch sketch;
    operators_example_init(&results);
    operators_example_compute(&results);
    const struct folds *folds = &results.example.folds;
    observed_init(&observed, results.example.targets, T, PENALTIES, folds,
                  &(struct observed_baselines){&results.baseline, &results.baseline}, &err);
    penalty_sketch_init(&sketch, folds, PENALTIES, NULL, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    for (size_t k = 0; k < PENALTIES; k++)
        assert_penalty(&results, k, &observed, &sketch);
    observed_free(&observed);
    penalty_sketch_free(&sketch);
    operators_example_free(&results);
}

static void ranks_of_one_machine(void)
{
    same_as_plain_calls();
}

/* Each rank a machine, if there are several, so that they share the penalties and send them to each other;
 * comes after the other, as ranks stay apart. */
static void each_rank_a_machine(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(ranks_separate(&ranks, &err), 0);
    same_as_plain_calls();
}

/* Which the ranks of a machine deal out among them when they turn vectors back. */
static void vectors_of_several_slabs(void)
{
    enum { MANY = SVD_SLAB + 8 };
    struct error err = {0};
    struct covariates covariates;
    struct placement placement;
    struct shared_svd shared;
    struct svd plain;
    bool kept;
    double *ones = example_doubles(MANY), *gram = example_gram(MANY, 2 * MANY, 5);
    for (size_t i = 0; i < MANY; i++)
        ones[i] = 1;
    covariates_init(&covariates, ones, MANY, 1, &kept, &err);
    placement_init(&placement, PLACEMENT_REPLICATE, 1, ranks.machine_of, ranks.size, ranks.n_machines, &err);
    svd_init(&plain, MANY, 1, &err);
    svd_compute(&plain, gram, &covariates, &err);
    CU_ASSERT_EQUAL_FATAL(collectives_agree(&ranks, &err), 0);
    const struct shared_svd_input input = {ranks.rank == 0 ? gram : NULL, &covariates, 1, 1};
    CU_ASSERT_EQUAL_FATAL(shared_svd_compute(&shared, &runtime, &input, &placement, &never_stopped, &err), 0);
    CU_ASSERT_EQUAL(svd_slabs(plain.rank), 2);
    CU_ASSERT_TRUE(example_distance(shared.svd.vectors, plain.vectors, plain.rank * MANY) < 1e-9);
    shared_svd_free(&shared, &ranks);
    svd_free(&plain);
    placement_free(&placement);
    covariates_free(&covariates);
    free(ones);
    free(gram);
}

static void a_penalty_too_small_is_refused(void)
{
    if (ranks.size > 1)
        return;
    struct error err = {0};
    struct operators_example results;
    operators_example_init(&results);
    graph_testing_start();
    CU_ASSERT_EQUAL(shared_svd_compute(&results.svd, &runtime,
                                       &(struct shared_svd_input){results.example.gram,
                                                                  &results.example.covariates, 1e-9, 1},
                                       &results.placement, &never_stopped, &err),
                    EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "1e-09");
    operators_example_free(&results);
}

/* K is of numbers, but so large that the tasks of the reduction overflow: the last step, which looks at what
 * they left, refuses it; of vectors nothing is made. */
static void what_overflows_in_tasks_is_refused(void)
{
    enum { MANY = 600 };
    const double huge = 1e306;
    struct error err = {0};
    struct covariates covariates;
    struct placement placement;
    struct shared_svd svd;
    bool kept;
    if (ranks.size > 1)
        return;
    double *ones = example_doubles(MANY), *gram = example_doubles((size_t)MANY * MANY);
    for (size_t i = 0; i < MANY; i++) {
        ones[i] = 1;
        for (size_t j = 0; j < MANY; j++)
            gram[i * MANY + j] = (i * i % 7 < 3) == (j * j % 7 < 3) ? huge : -huge;
    }
    covariates_init(&covariates, ones, MANY, 1, &kept, &err);
    placement_init(&placement, PLACEMENT_REPLICATE, 1, ranks.machine_of, ranks.size, ranks.n_machines, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    graph_testing_start();
    const struct shared_svd_input input = {gram, &covariates, 1, 1};
    CU_ASSERT_EQUAL(shared_svd_compute(&svd, &runtime, &input, &placement, &never_stopped, &err),
                    EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "dsytrd (the SVD of the study): info = ");
    shared_svd_free(&svd, &ranks);
    placement_free(&placement);
    covariates_free(&covariates);
    free(ones);
    free(gram);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"ranks_of_one_machine", ranks_of_one_machine},
        {"vectors_of_several_slabs", vectors_of_several_slabs},
        {"each_rank_a_machine", each_rank_a_machine},
        {"a_penalty_too_small_is_refused", a_penalty_too_small_is_refused},
        {"what_overflows_in_tasks_is_refused", what_overflows_in_tasks_is_refused},
    };
    return graph_testing_main(argc, argv, "tasks/operator_graph", cases, sizeof cases / sizeof *cases);
}
