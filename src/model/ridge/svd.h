/* The one SVD of a study, in its dual form: eigenvectors of K beyond the covariates. */
#ifndef ARETE_MODEL_RIDGE_SVD_H
#define ARETE_MODEL_RIDGE_SVD_H

#include "base/error.h"
#include "model/ridge/covariates.h"

#include <stddef.h>

/* Qo' K Qo = U diag(s) U', W = Qo U, Qo a basis of the complement of the covariates; r = n - c.
 * W and sqrt(s) are the left singular vectors and singular values of the residualised X / sqrt(p). */
struct svd {
    size_t n, rank;      /* rank = n - c */
    double *vectors;     /* rank x n, row-major: row k is column k of W */
    double *eigenvalues; /* rank: s, ascending; rounding below zero is set to zero */
    double *owned;       /* NULL when the arrays are the caller's */
};

/* Shapes from n and c; memory uninitialised. */
int svd_init(struct svd *svd, size_t n, size_t c, struct error *err);
/* The same in the caller's memory of svd_storage(n, c) doubles: the vectors, then the eigenvalues. */
size_t svd_storage(size_t n, size_t c);
void svd_init_in(struct svd *svd, size_t n, size_t c, double *storage);
void svd_free(struct svd *svd);

/* gram is n x n (both triangles). One LAPACK thread. */
int svd_compute(struct svd *svd, const double *gram, const struct covariates *covariates, struct error *err);

/* Whether the operators of `penalty` can be held in float32: they amplify rounding by up to (largest
 * eigenvalue) / penalty. Over 1e6 it is refused (EXIT_CODE_BAD_INPUT); at 1e5 scores are good to about 1e-5.
 */
int svd_check_penalty(const struct svd *svd, double penalty, struct error *err);

/* d = tr(Qo' K Qo) / (n - c): the mean eigenvalue, which turns heritability h into lambda = d (1 - h) / h. It
 * needs no eigenvalues: tr(K) - tr(basis' K basis). gram is n x n. */
int svd_mean_eigenvalue(const double *gram, const struct covariates *covariates, double *mean,
                        struct error *err);

#endif
