/* Made-up targets: genes, what a family shares and noise, each with exactly its variance in these subjects
 * (their sum is 1; their correlations are those of random draws), and what covariates and ancestry add. */
#ifndef ARETE_MODEL_SIMULATE_SIMULATE_TARGETS_H
#define ARETE_MODEL_SIMULATE_SIMULATE_TARGETS_H

#include "base/error.h"
#include "model/simulate/simulate_people.h"

struct simulate_targets_plan {
    uint64_t seed;
    double shared_environment; /* variance */
    double correlation;        /* of the noise of any two targets */
    double age, sex, site;     /* variances; signs and site means are each target's own */
    double ancestry;           /* second minus first ancestry, in every target */
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

/* Target number t (from 0) of everybody, into values: n_subjects. genetic[i * stride] is the genetic value of
 * subject i, of variance 1; NULL with a heritability of 0. Targets may be drawn in any order. */
void simulate_targets_draw(struct simulate_targets *targets, size_t t, double heritability,
                           const double *genetic, size_t stride, double *values);

#endif
