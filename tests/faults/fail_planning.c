/* Measuring the orbits' speed, as arete plan does, when memory runs out. */
#include "planning/cost_orbit_rate.h"

#include "faults.h"
#include "testing.h"

enum { FORMS = 3 };

struct scene {
    struct cost_sample sample;
    double rate;
};

static void prepare(void *context)
{
    ((struct scene *)context)->rate = 0;
}

static int measure(void *context, struct error *err)
{
    struct scene *scene = context;
    return cost_orbit_rate_measure(&scene->sample, FORMS, &scene->rate, err);
}

static void check(void *context, int code)
{
    CU_ASSERT((code == 0) == (((struct scene *)context)->rate > 0));
}

static void measuring_orbits(void)
{
    static const struct faults_operation operation = {.prepare = prepare, .run = measure, .check = check};
    const struct cost_shape shape = {.n = 60,
                                     .n_snps = 100,
                                     .n_targets = 10,
                                     .n_covariates = 2,
                                     .n_outer = 4,
                                     .n_inner = 3,
                                     .n_permutations = 250,
                                     .n_penalties = 2,
                                     .n_nodes = 2,
                                     .n_machines = 1,
                                     .ranks_per_machine = 1,
                                     .workers_per_rank = 1};
    struct scene scene;
    struct error err = {0};
    int struck[FAULT_KINDS];
    CU_ASSERT_EQUAL_FATAL(cost_sample_init(&scene.sample, &shape, &err), 0);
    faults_try(&operation, &scene, struck);
    CU_ASSERT(struck[FAULT_MEMORY] > 8);
    cost_sample_free(&scene.sample);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"measuring_orbits", measuring_orbits}};
    return testing_main(argc, argv, "faults of planning", cases, sizeof cases / sizeof *cases);
}
