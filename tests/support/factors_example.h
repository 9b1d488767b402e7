/* SVD, operators, observed scores and sketches of the small study (support/model_example.h), made by the
 * graphs of tasks/. */
#ifndef ARETE_TEST_FACTORS_EXAMPLE_H
#define ARETE_TEST_FACTORS_EXAMPLE_H

#include "graph_testing.h"
#include "model_example.h"
#include "ranks/agree.h"
#include "tasks/factor_graph.h"

enum { FACTORS_EXAMPLE_PENALTIES = 3 };
static const double factors_example_penalties[FACTORS_EXAMPLE_PENALTIES] = {0.3, 1, 4};

/* All that the graph of the operators is asked for. */
struct factors_example {
    struct example example;
    struct baseline baseline;
    struct placement placement;
    struct shared_svd svd;
    struct factors factors;
    struct observed observed;
    struct penalty_sketch sketch;
};

static inline void factors_example_init(struct factors_example *results, enum placement_kind kind)
{
    struct error err = {0};
    const struct folds *folds = &results->example.folds;
    *results = (struct factors_example){0};
    example_init(&results->example, true);
    baseline_init(&results->baseline, BASELINE_COVARIATES, &results->example.covariates, folds, &err);
    observed_init(&results->observed, results->example.targets, EXAMPLE_TARGETS, FACTORS_EXAMPLE_PENALTIES,
                  folds, &results->baseline, &results->baseline, &err);
    penalty_sketch_init(&results->sketch, folds, FACTORS_EXAMPLE_PENALTIES, NULL, &err);
    placement_init(&results->placement, kind, FACTORS_EXAMPLE_PENALTIES, ranks.machine_of, ranks.size,
                   ranks.n_machines, &err);
    CU_ASSERT_EQUAL_FATAL(agree_outcome(&ranks, &err), 0);
}

static inline void factors_example_compute(struct factors_example *results)
{
    struct error err = {0};
    const struct example *example = &results->example;
    shared_svd_compute(&results->svd, &runtime,
                       &(struct shared_svd_input){ranks.rank == 0 ? example->gram : NULL,
                                                  &example->covariates, factors_example_penalties[0]},
                       &results->placement, &never_stopped, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    CU_ASSERT_EQUAL_FATAL(factors_init(&results->factors, &ranks, &results->placement, &example->folds, &err),
                          0);
    struct factor_graph_input input = {.svd = &results->svd,
                                       .covariates = &example->covariates,
                                       .folds = &example->folds,
                                       .placement = &results->placement,
                                       .penalties = factors_example_penalties,
                                       .factors = &results->factors,
                                       .targets = example->targets,
                                       .observed = &results->observed,
                                       .sketch = &results->sketch};
    CU_ASSERT_EQUAL_FATAL(factor_graph_run(&runtime, &input, &never_stopped, &err), 0);
}

static inline void factors_example_free(struct factors_example *results)
{
    factors_free(&results->factors, &ranks);
    shared_svd_free(&results->svd, &ranks);
    placement_free(&results->placement);
    penalty_sketch_free(&results->sketch);
    observed_free(&results->observed);
    baseline_free(&results->baseline);
    example_free(&results->example);
}

#endif
