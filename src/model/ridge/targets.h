/* Targets as every fit sees them: residuals on the covariates over all subjects, scaled to unit variance.
 * Replacing y by its residual changes no fold's residual, as the covariates are unpenalised in every fit;
 * permuting it is the Freedman-Lane procedure. */
#ifndef ARETE_MODEL_RIDGE_TARGETS_H
#define ARETE_MODEL_RIDGE_TARGETS_H

#include "base/error.h"
#include "model/ridge/covariates.h"

#include <stdbool.h>
#include <stddef.h>

/* In place, y being n x n_targets row-major. A missing value (NaN) becomes the fit of the covariates on the
 * subjects that have one: residual 0. varies[t] = false where nothing is left beyond the covariates; that
 * column is then all zeros. */
int targets_residualise(const struct covariates *covariates, double *y, size_t n_targets, bool *varies,
                        struct error *err);

#endif
