/* SVD, operators, observed scores and sketches of the small study (support/model_example.h), made by the
 * graphs of tasks/. */
#ifndef ARETE_TEST_OPERATORS_EXAMPLE_H
#define ARETE_TEST_OPERATORS_EXAMPLE_H

#include "graph_testing.h"
#include "model_example.h"
#include "ranks/collectives.h"
#include "tasks/operator_graph.h"

enum { OPERATORS_EXAMPLE_PENALTIES = 3 };
static const double operators_example_penalties[OPERATORS_EXAMPLE_PENALTIES] = {0.3, 1, 4};

/* All that the graph of the operators is asked for. */
struct operators_example {
    struct example example;
    struct baseline baseline;
    struct placement placement;
    struct shared_svd svd;
    struct shared_operators shared;
    struct observed observed;
    struct penalty_sketch sketch;
};

static inline void operators_example_init(struct operators_example *results)
{
    struct error err = {0};
    const struct folds *folds = &results->example.folds;
    *results = (struct operators_example){0};
    example_init(&results->example, true);
    baseline_init(&results->baseline, BASELINE_COVARIATES, &results->example.covariates, folds, &err);
    observed_init(&results->observed, results->example.targets, EXAMPLE_TARGETS, OPERATORS_EXAMPLE_PENALTIES,
                  folds, &(struct observed_baselines){&results->baseline, &results->baseline}, &err);
    penalty_sketch_init(&results->sketch, folds, OPERATORS_EXAMPLE_PENALTIES, NULL, &err);
    placement_init(&results->placement, PLACEMENT_REPLICATE, OPERATORS_EXAMPLE_PENALTIES, ranks.machine_of,
                   ranks.size, ranks.n_machines, &err);
    CU_ASSERT_EQUAL_FATAL(collectives_agree(&ranks, &err), 0);
}

static inline void operators_example_compute(struct operators_example *results)
{
    struct error err = {0};
    const struct example *example = &results->example;
    shared_svd_compute(&results->svd, &runtime,
                       &(struct shared_svd_input){ranks.rank == 0 ? example->gram : NULL,
                                                  &example->covariates, operators_example_penalties[0],
                                                  operators_example_penalties[0]},
                       &results->placement, &never_stopped, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    CU_ASSERT_EQUAL_FATAL(shared_operators_init(&results->shared, &ranks, OPERATORS_EXAMPLE_PENALTIES,
                                                &example->folds, folds_all(&example->folds), &err),
                          0);
    struct operator_graph_input input = {.svd = &results->svd,
                                         .covariates = &example->covariates,
                                         .folds = &example->folds,
                                         .placement = &results->placement,
                                         .penalties = operators_example_penalties,
                                         .operators = &results->shared,
                                         .targets = example->targets,
                                         .observed = &results->observed,
                                         .sketch = &results->sketch};
    CU_ASSERT_EQUAL_FATAL(operator_graph_run(&runtime, &input, &never_stopped, &err), 0);
}

static inline void operators_example_free(struct operators_example *results)
{
    shared_operators_free(&results->shared, &ranks);
    shared_svd_free(&results->svd, &ranks);
    placement_free(&results->placement);
    penalty_sketch_free(&results->sketch);
    observed_free(&results->observed);
    baseline_free(&results->baseline);
    example_free(&results->example);
}

#endif
