#include "model/simulate/simulate_targets.h"

#include "base/memory.h"
#include "model/simulate/unit_variance.h"
#include "model/stats/variates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int simulate_targets_init(struct simulate_targets *targets, const struct simulate_targets_plan *plan,
                          const struct simulate_people *people, struct error *err)
{
    static const char WHAT[] = "the targets";
    size_t n = people->n_subjects;
    *targets = (struct simulate_targets){.plan = plan, .people = people};
    targets->age = memory_zeroed(n, sizeof(double), WHAT, err);
    targets->sex = memory_zeroed(n, sizeof(double), WHAT, err);
    targets->common = memory_zeroed(n, sizeof(double), WHAT, err);
    targets->part = memory_zeroed(n, sizeof(double), WHAT, err);
    targets->groups =
        memory_zeroed(people->n_families > people->n_sites ? people->n_families : people->n_sites,
                      sizeof(double), WHAT, err);
    if (err->code != 0) {
        simulate_targets_free(targets);
        return err->code;
    }
    for (size_t i = 0; i < n; i++) {
        targets->age[i] = people->age[i];
        targets->sex[i] = people->sex[i];
    }
    unit_variance_scale(targets->age, n, 1);
    unit_variance_scale(targets->sex, n, 1);
    struct random_stream stream;
    random_start(&stream, plan->seed, RANDOM_NOISE, 0);
    variates_normals(&stream, targets->common, n);
    return 0;
}

void simulate_targets_free(struct simulate_targets *targets)
{
    free(targets->age);
    free(targets->sex);
    free(targets->common);
    free(targets->part);
    free(targets->groups);
    *targets = (struct simulate_targets){0};
}

static void add(double *values, const double *part, size_t stride, size_t n, double factor)
{
    for (size_t i = 0; i < n; i++)
        values[i] += factor * part[i * stride];
}

static void add_noise(const struct simulate_targets *targets, size_t t, double variance, double *values)
{
    size_t n = targets->people->n_subjects;
    double shared = sqrt(targets->plan->correlation), own = sqrt(1 - targets->plan->correlation);
    struct random_stream stream;
    random_start(&stream, targets->plan->seed, RANDOM_NOISE, t + 1);
    variates_normals(&stream, targets->part, n);
    for (size_t i = 0; i < n; i++)
        targets->part[i] = own * targets->part[i] + shared * targets->common[i];
    unit_variance_scale(targets->part, n, 1);
    add(values, targets->part, 1, n, sqrt(variance));
}

/* Draws a normal number for each group, which all its members share. */
static void add_groups(const struct simulate_targets *targets, struct random_stream *stream,
                       const uint32_t *group, size_t n_groups, double variance, double *values)
{
    size_t n = targets->people->n_subjects;
    if (variance == 0)
        return;
    variates_normals(stream, targets->groups, n_groups);
    for (size_t i = 0; i < n; i++)
        targets->part[i] = targets->groups[group[i]];
    unit_variance_scale(targets->part, n, 1);
    add(values, targets->part, 1, n, sqrt(variance));
}

static void add_covariates(const struct simulate_targets *targets, size_t t, double *values)
{
    const struct simulate_targets_plan *plan = targets->plan;
    const struct simulate_people *people = targets->people;
    struct random_stream stream;
    random_start(&stream, plan->seed, RANDOM_NUISANCE, t);
    double age_sign = random_below(&stream, 2) ? 1 : -1, sex_sign = random_below(&stream, 2) ? 1 : -1;
    add(values, targets->age, 1, people->n_subjects, age_sign * sqrt(plan->age));
    add(values, targets->sex, 1, people->n_subjects, sex_sign * sqrt(plan->sex));
    add_groups(targets, &stream, people->site, people->n_sites, plan->site, values);
    for (size_t i = 0; i < people->n_subjects; i++)
        values[i] += plan->ancestry * people->ancestry[i];
}

void simulate_targets_draw(struct simulate_targets *targets, size_t t, double heritability,
                           const double *genetic, size_t stride, double *values)
{
    const struct simulate_people *people = targets->people;
    double shared = targets->plan->shared_environment, rest = 1 - heritability - shared;
    struct random_stream stream;
    random_start(&stream, targets->plan->seed, RANDOM_SHARED_ENVIRONMENT, t);
    memset(values, 0, people->n_subjects * sizeof *values);
    if (genetic != NULL)
        add(values, genetic, stride, people->n_subjects, sqrt(heritability));
    add_groups(targets, &stream, people->family, people->n_families, shared, values);
    add_noise(targets, t, rest > 0 ? rest : 0, values);
    add_covariates(targets, t, values);
}
