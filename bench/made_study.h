/* A study of a given shape, filled with plausible random numbers: folds as a real study draws them, operators
 * of the size that keeps every sum finite and ordinary. */
#ifndef ARETE_BENCH_MADE_STUDY_H
#define ARETE_BENCH_MADE_STUDY_H

#include "base/error.h"
#include "tasks/permutation_graph.h"

#include <stddef.h>
#include <stdint.h>

/* Numbers in (-1, 1), the same for the same seed. */
void made_numbers_fill(double *values, size_t count, uint64_t seed);

struct made_study {
    size_t n, n_targets, n_penalties;
    struct folds folds; /* 10 outer, 5 inner */
    struct covariates covariates;
    struct baseline baseline;
    struct permutation_scheme scheme;
    float *targets;             /* n x T */
    size_t *n_test;             /* n_outer */
    struct penalty_nodes nodes; /* every penalty */
    struct shared_operators operators;
};

/* operators' arrays are filled and its handles NULL: no StarPU is needed. Safe to free after a failure. */
int made_study_init(struct made_study *study, size_t n, size_t n_targets, size_t n_penalties,
                    struct error *err);
void made_study_free(struct made_study *study);

#endif
