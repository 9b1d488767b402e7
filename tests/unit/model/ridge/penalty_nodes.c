#include "model/ridge/penalty_nodes.h"

#include "model/ridge/penalty_search.h"
#include "model/ridge/targets.h"
#include "model_example.h"

enum { N = EXAMPLE_N, T = EXAMPLE_TARGETS, OUTER = EXAMPLE_OUTER, PENALTIES = 19 };

/* A study of the example at a grid over `decades` decades: sketches, and the targets' sums. */
struct grid {
    struct example example;
    struct baseline baseline;
    struct penalty_sketch sketch;
    struct observed observed;
};

static void grid_init(struct grid *grid, double decades, bool with_infinity)
{
    struct error err = {0};
    example_init(&grid->example, false);
    const struct example *example = &grid->example;
    bool varies[T];
    for (size_t i = 0; i < N; i++) /* heavy tails: a few people make nearly all of the variance */
        example->targets[i * T] = pow(example->targets[i * T + 1] / example->targets[i * T + 2], 3);
    CU_ASSERT_EQUAL_FATAL(
        targets_residualise(&example->covariates, example->targets, T, varies, NULL, NULL, &err), 0);
    const struct folds *folds = &example->folds;
    CU_ASSERT_EQUAL_FATAL(
        baseline_init(&grid->baseline, BASELINE_COVARIATES, &example->covariates, folds, &err), 0);
    CU_ASSERT_EQUAL_FATAL(
        penalty_sketch_init(&grid->sketch, folds, PENALTIES, with_infinity ? &grid->baseline : NULL, &err),
        0);
    CU_ASSERT_EQUAL_FATAL(observed_init(&grid->observed, example->targets, T, PENALTIES, folds,
                                        &(struct observed_baselines){&grid->baseline, &grid->baseline}, &err),
                          0);
    size_t probes = penalty_sketch_workspace(&grid->sketch, folds),
           targets = observed_workspace(&grid->observed, folds);
    double *workspace = example_doubles(probes > targets ? probes : targets);
    for (size_t k = 0; k < PENALTIES; k++) {
        double *p = example_operator(example, pow(10, decades * ((double)k / (PENALTIES - 1) - .5)));
        double *fitted = example_product(p, grid->sketch.probes, N, N, N, false);
        double *w = example_product(p, example->targets, N, N, T, false);
        for (size_t o = 0; o < OUTER; o++) {
            struct operator_layout layout;
            double *operators = example_fold(example, p, o, &layout);
            penalty_sketch_fold(&grid->sketch, &(struct operators_of_fold){folds, o, &layout, operators}, k,
                                fitted, workspace);
            observed_fold(&grid->observed, &(struct operators_of_fold){folds, o, &layout, operators}, k, w,
                          workspace);
            free(operators);
            operator_layout_free(&layout);
        }
        free(p);
        free(fitted);
        free(w);
    }
    free(workspace);
}

static void grid_free(struct grid *grid)
{
    example_free(&grid->example);
    baseline_free(&grid->baseline);
    penalty_sketch_free(&grid->sketch);
    observed_free(&grid->observed);
}

static void choose(const struct grid *grid, double tolerance, struct penalty_nodes *nodes)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(penalty_nodes_choose(nodes, &grid->sketch, tolerance, &err), 0);
}

/* Any column's form is off by at most bound x mean eigenvalue x |y|^2: here exact, as N is under the number
 * of probes. A tighter tolerance takes more nodes. */
static void bounds_hold_for_the_targets(void)
{
    struct grid grid;
    grid_init(&grid, 6, true);
    size_t before = 0;
    for (double tolerance = 1e-3; tolerance > 1e-7; tolerance *= .1) {
        struct penalty_nodes nodes;
        choose(&grid, tolerance, &nodes);
        CU_ASSERT_TRUE(nodes.n_nodes >= before && nodes.n_nodes < PENALTIES);
        before = nodes.n_nodes;
        double largest = 0;
        for (size_t i = 0; i < N_PENALTY_FORMS * OUTER * PENALTIES * T; i++) {
            size_t t = i % T, k = i / T % PENALTIES, o = i / T / PENALTIES % OUTER;
            enum penalty_form form = (enum penalty_form)(i / T / PENALTIES / OUTER);
            const double *values = form == PENALTY_ERROR ? grid.observed.error : grid.observed.criterion;
            const double *weights = penalty_nodes_weights(&nodes, form, o, k);
            double combined = weights[nodes.n_nodes] * grid.observed.baseline_error[o * T + t], squares = 0;
            for (size_t j = 0; j < nodes.n_nodes; j++)
                combined += weights[j] * values[(nodes.node[j] * OUTER + o) * T + t];
            for (size_t j = 0; j < N; j++)
                squares += pow(grid.example.targets[j * T + t], 2);
            double mean = penalty_sketch_trace(&grid.sketch, form, o, k) / N;
            double off = fabs(combined - values[(k * OUTER + o) * T + t]);
            CU_ASSERT_TRUE(off <= nodes.bound[form] * mean * squares * (1 + 1e-9) + 1e-12);
            largest = fmax(largest, off / (mean * N)); /* as the bound, whatever the target has itself */
        }
        CU_ASSERT_TRUE(nodes.bound[PENALTY_CRITERION] <= tolerance &&
                       nodes.bound[PENALTY_ERROR] <= tolerance);
        double on_targets = penalty_nodes_observed_error(&nodes, &grid.sketch, &grid.observed);
        CU_ASSERT_TRUE(on_targets > 0 && on_targets <= tolerance);
        ASSERT_NEAR(on_targets, largest, 1e-9 * largest);
        CU_ASSERT_TRUE(nodes.amplification >= 1 && nodes.amplification < 30);
        penalty_nodes_free(&nodes);
    }
    grid_free(&grid);
}

/* The spectral norm of a combination's difference of sketches, by power iteration. */
static double difference_norm(const struct grid *grid, const struct penalty_span *span,
                              const struct penalty_span_form *of, const size_t *terms, size_t n_terms,
                              const double *factors)
{
    enum { STEPS = 4000 };
    size_t r = grid->sketch.n_probes;
    double *d = example_doubles(r * r), x[N], next[N], norm = 0;
    memset(d, 0, r * r * sizeof *d);
    for (size_t term = 0; term < n_terms; term++) {
        const double *packed = penalty_sketch_packed(&grid->sketch, of->form, of->outer_fold, terms[term]);
        double factor = factors[term] / penalty_span_mean(span, of->form, of->outer_fold, terms[term]);
        for (size_t i = 0; i < r; i++)
            for (size_t j = 0; j <= i; j++, packed++) {
                d[i * r + j] += factor * *packed * (i == j ? 1 : sqrt(.5));
                d[j * r + i] = d[i * r + j];
            }
    }
    for (size_t i = 0; i < r; i++)
        x[i] = 1 + .1 * (double)(i % 7);
    for (size_t step = 0; step < STEPS; step++) {
        double squares = 0;
        for (size_t i = 0; i < r; i++) {
            next[i] = 0;
            for (size_t j = 0; j < r; j++)
                next[i] += d[i * r + j] * x[j];
            squares += next[i] * next[i];
        }
        norm = sqrt(squares);
        for (size_t i = 0; i < r; i++)
            x[i] = next[i] / norm;
    }
    free(d);
    return norm;
}

/* It is the norm of all differences, of which few need eigenvalues. */
static void the_bound_is_the_largest_norm(void)
{
    struct grid grid;
    struct penalty_search search;
    struct error err = {0};
    const size_t nodes[] = {3, 9, 15};
    grid_init(&grid, 6, false);
    CU_ASSERT_EQUAL_FATAL(penalty_search_init(&search, &grid.sketch, 1e-4, &err), 0);
    for (size_t i = 0; i < 3; i++)
        search.is_node[nodes[i]] = true;
    for (size_t form = 0; form < N_PENALTY_FORMS; form++) {
        double largest = 0, longest = 0, expected = 0, residual[PENALTIES], weights[PENALTIES * 4];
        size_t before = search.bounds.n_eigenproblems;
        CU_ASSERT_EQUAL_FATAL(penalty_bound_compute(&search.bounds, &search.span, (enum penalty_form)form,
                                                    &(struct penalty_bound_nodes){nodes, 3, search.is_node},
                                                    &largest, &longest, &err),
                              0);
        for (size_t o = 0; o < OUTER; o++) {
            const struct penalty_span_form of = {(enum penalty_form)form, o};
            CU_ASSERT_EQUAL_FATAL(penalty_span_combine(&search.span, &of, nodes, 3, residual, weights, &err),
                                  0);
            for (size_t k = 0; k < PENALTIES; k++)
                if (!search.is_node[k]) {
                    const double factors[] = {-weights[3 * k], -weights[3 * k + 1], -weights[3 * k + 2], 1};
                    expected = fmax(expected, difference_norm(&grid, &search.span, &of,
                                                              (size_t[]){3, 9, 15, k}, 4, factors));
                }
        }
        CU_ASSERT_DOUBLE_EQUAL(largest / (expected * penalty_sketch_margin(&grid.sketch)), 1, 1e-6);
        CU_ASSERT_TRUE(longest >= expected);
        CU_ASSERT_TRUE(search.bounds.n_eigenproblems - before < OUTER * PENALTIES / 4);
    }
    penalty_search_free(&search);
    grid_free(&grid);
}

/* Nodes ascend, a node is itself, the criterion never uses the covariates-only error, and the error only
 * where it was sketched. */
static void weights_are_in_order(void)
{
    for (int with_infinity = 0; with_infinity < 2; with_infinity++) {
        struct grid grid;
        struct penalty_nodes nodes;
        grid_init(&grid, 6, with_infinity);
        choose(&grid, 1e-4, &nodes);
        bool used = false;
        for (size_t i = 1; i < nodes.n_nodes; i++)
            CU_ASSERT_TRUE(nodes.node[i - 1] < nodes.node[i]);
        for (size_t o = 0; o < OUTER; o++) {
            for (size_t k = 0; k < PENALTIES; k++) {
                CU_ASSERT_EQUAL(penalty_nodes_weights(&nodes, PENALTY_CRITERION, o, k)[nodes.n_nodes], 0);
                used |= penalty_nodes_weights(&nodes, PENALTY_ERROR, o, k)[nodes.n_nodes] != 0;
            }
            for (size_t i = 0; i < nodes.n_nodes; i++)
                for (size_t j = 0; j <= nodes.n_nodes; j++)
                    CU_ASSERT_EQUAL(penalty_nodes_weights(&nodes, PENALTY_ERROR, o, nodes.node[i])[j],
                                    i == j);
        }
        CU_ASSERT_EQUAL(used, with_infinity);
        penalty_nodes_free(&nodes);
        grid_free(&grid);
    }
}

/* What no fewer nodes can keep is computed exactly. */
static void an_impossible_tolerance_keeps_all(void)
{
    struct grid grid;
    struct penalty_nodes nodes;
    grid_init(&grid, 6, true);
    choose(&grid, 1e-17, &nodes);
    CU_ASSERT_EQUAL(nodes.n_nodes, PENALTIES);
    CU_ASSERT_PTR_NULL(nodes.weights);
    for (size_t i = 0; i < PENALTIES; i++)
        CU_ASSERT_EQUAL(nodes.node[i], i);
    CU_ASSERT_EQUAL(penalty_nodes_observed_error(&nodes, &grid.sketch, &grid.observed), 0);
    penalty_nodes_free(&nodes);
    penalty_nodes_free(&nodes); /* legal again */
    grid_free(&grid);
}

static void the_choice_is_the_same_bits(void)
{
    struct error err = {0};
    struct grid grid;
    struct penalty_nodes first, second, known;
    grid_init(&grid, 6, true);
    choose(&grid, 1e-5, &first);
    choose(&grid, 1e-5, &second);
    size_t bytes = N_PENALTY_FORMS * OUTER * PENALTIES * (first.n_nodes + 1) * sizeof *first.weights;
    CU_ASSERT_EQUAL_FATAL(first.n_nodes, second.n_nodes);
    CU_ASSERT_EQUAL(memcmp(first.node, second.node, first.n_nodes * sizeof *first.node), 0);
    CU_ASSERT_EQUAL(memcmp(first.weights, second.weights, bytes), 0);
    CU_ASSERT_EQUAL_FATAL(
        penalty_nodes_init_known(&known, PENALTIES, OUTER, first.n_nodes, first.node, first.weights, &err),
        0);
    CU_ASSERT_EQUAL(memcmp(known.weights, first.weights, bytes), 0);
    penalty_nodes_free(&first);
    penalty_nodes_free(&second);
    penalty_nodes_free(&known);
    grid_free(&grid);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"bounds_hold_for_the_targets", bounds_hold_for_the_targets},
        {"the_bound_is_the_largest_norm", the_bound_is_the_largest_norm},
        {"weights_are_in_order", weights_are_in_order},
        {"an_impossible_tolerance_keeps_all", an_impossible_tolerance_keeps_all},
        {"the_choice_is_the_same_bits", the_choice_is_the_same_bits},
    };
    return testing_main(argc, argv, "penalty_nodes", cases, sizeof cases / sizeof *cases);
}
