/* Made-up targets: the sum of genetic value, what a family shares, and noise. Each of these has exactly its
 * variance in these subjects, 1 in all; their correlations are those of random draws. Covariates and ancestry
 * add to that. */
#ifndef ARETE_MODEL_SIMULATE_SIMULATE_TARGETS_H
#define ARETE_MODEL_SIMULATE_SIMULATE_TARGETS_H

#include "base/error.h"
#include "model/simulate/simulate_people.h"

struct simulate_targets_plan {
    uint64_t seed;
    double shared_environment; /* variance that siblings share */
    double correlation;        /* of the noise of any two targets */
    double age, sex, site;     /* variance that each adds; each target has its own signs and site means */
    double ancestry;           /* mean of the second ancestry minus that of the first, in every target */
};

struct simulate_targets {
    const struct simulate_targets_plan *plan;
    const struct simulate_people *people;
    double *age, *sex; /* standardised: n_subjects each */
    double *common;    /* the noise that all targets share: n_subjects */
    double *part;      /* work: n_subjects */
    double *groups;    /* work: families or sites, whichever are more */
};

int simulate_targets_init(struct simulate_targets *targets, const struct simulate_targets_plan *plan,
                          const struct simulate_people *people, struct error *err);
void simulate_targets_free(struct simulate_targets *targets);

/* Draws target number t, from 0, into values: n_subjects. genetic[i * stride]: the genetic value of subject
 * i, of variance 1; may be NULL with a heritability of 0. Targets may be drawn in any order. */
void simulate_targets_draw(struct simulate_targets *targets, size_t t, double heritability,
                           const double *genetic, size_t stride, double *values);

#endif
