/* Directions of the covariates that several people of one test set have nearly for themselves: the same
 * -9999, say. What single precision makes of them is rounding.
 *
 * P = I - Qz Qz'. Without the test set S, the residuals are inv(P_SS) w_S. Along u = Qz_S v, v being a
 * direction of which all others have the share s^2 (its singular value squared), u' P_SS u = s^2. If one
 * person has the direction, that person's row of P is as small, and so is its rounding. If several have it,
 * their rows are not: the rounding of their length is magnified. s^2 / sum u_i^2 P_ii is 1 for one person and
 * about 2 s^2 for two. Inner folds only choose penalties, and chose the same ones (bench/NOTES.md). */
#ifndef ARETE_MODEL_RIDGE_SHARED_DIRECTION_H
#define ARETE_MODEL_RIDGE_SHARED_DIRECTION_H

#include "base/error.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"

#include <stddef.h>

struct shared_direction {
    double ratio;      /* the smallest there is */
    size_t outer_fold; /* where */
    size_t subject[2]; /* who have most of it, in the order of the folds */
};

/* Under this ratio null scores in float32 may be off by more than 1e-3 (bench/NOTES.md). */
extern const double shared_direction_least;

/* *worst: ratio 1, where no direction has less than shared_direction_least. Lost directions, which are
 * projected out, do not count. */
int shared_direction_find(const struct covariates *covariates, const struct folds *folds,
                          struct shared_direction *worst, struct error *err);

#endif
