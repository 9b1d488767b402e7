/* The targets as the mass-univariate model takes them: a row a target. */
#ifndef ARETE_ASSOCIATE_TARGETS_IN_ROWS_H
#define ARETE_ASSOCIATE_TARGETS_IN_ROWS_H

#include "base/error.h"
#include "model/univariate/pair_scan.h"
#include "ranks/shared_memory.h"
#include "study/analysis.h"

struct targets_in_rows {
    struct pair_targets view;            /* of the arrays below */
    struct shared_memory rounded, exact; /* T x n: residuals of length 1, in float32 and double; one copy a
                                            machine */
    double *length;                      /* T: |y|, in the target's own unit; in rank 0 */
};

/* Needs rank 0's residuals, and everywhere the numbers of people and targets. n_variants: every so many-th of
 * them counts for lambda_GC. Collective; the outcome is agreed on. */
int targets_in_rows_init(struct targets_in_rows *targets, struct ranks *ranks,
                         const struct analysis *analysis, size_t n_variants, struct error *err);
void targets_in_rows_free(struct targets_in_rows *targets, struct ranks *ranks);

#endif
