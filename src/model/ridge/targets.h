/* Targets as every fit sees them: residuals on the covariates over all subjects, scaled to unit variance.
 * Covariates are never penalised, so replacing y by its residual changes the residual of no fold; permuting
 * the residual is the procedure of Freedman and Lane. */
#ifndef ARETE_MODEL_RIDGE_TARGETS_H
#define ARETE_MODEL_RIDGE_TARGETS_H

#include "base/error.h"
#include "model/ridge/covariates.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether a residual stands for a missing value: it is -0.0, which is 0 in every sum and product, and which
 * no other residual is. So it is known wherever the residuals go, to other processes and into the campaign.
 */
static inline bool targets_is_filled(double residual)
{
    return residual == 0 && signbit(residual);
}

/* Replaces y, n x n_targets, row-major. A missing value (NaN) gets residual -0.0: it is taken to be the fit
 * of the covariates on the subjects that have a value. varies[t] = false where nothing is left beyond the
 * covariates; such a column is all zeros. scale: n_targets, the standard deviation (divisor n) of each
 * residual before it was scaled, 0 where nothing is left; or NULL. rank: n_targets, of the covariates among
 * the subjects that have a value, c where all have one; or NULL. */
int targets_residualise(const struct covariates *covariates, double *y, size_t n_targets, bool *varies,
                        double *scale, size_t *rank, struct error *err);

#endif
