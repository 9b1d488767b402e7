/* The one SVD of a study, in its dual form: the eigendecomposition of K beyond the covariates. */
#ifndef ARETE_MODEL_RIDGE_SVD_H
#define ARETE_MODEL_RIDGE_SVD_H

#include "base/error.h"
#include "model/eigen/tridiagonal_reduction.h"
#include "model/ridge/covariates.h"

#include <stddef.h>

/* With Qo an orthonormal basis of what is orthogonal to the covariates: Qo' K Qo = U diag(s) U' and W = Qo
 * U. W and sqrt(s) are the left singular vectors and the singular values of X / sqrt(p), its SNPs
 * residualised. */
struct svd {
    size_t n, rank;      /* rank = n - c */
    double *vectors;     /* rank x n, row-major: row k is column k of W */
    double *eigenvalues; /* rank: s, ascending; what rounding made negative is zero */
    double *owned;       /* the memory of both; NULL when it is the caller's */
};

/* Allocates for n subjects and c covariates; nothing is filled. */
int svd_init(struct svd *svd, size_t n, size_t c, struct error *err);
/* The same in memory of the caller, svd_storage(n, c) doubles: the vectors, then the eigenvalues. */
size_t svd_storage(size_t n, size_t c);
void svd_init_in(struct svd *svd, size_t n, size_t c, double *storage);
void svd_free(struct svd *svd);

/* The steps. What is under way: K beyond the covariates, then what turns its vectors back. */
struct svd_reduction {
    size_t n, c;
    double *rotated;                    /* n x n */
    double *reflectors, *covariate_tau; /* n x c; c */
    double *tau;                        /* rank */
    double *owned;                      /* the memory of these; NULL when it is the caller's */
    double *beside;                     /* rank; step 4 does not need it */
    struct tridiagonal_reduction tridiagonal;
};

/* In memory of the caller, svd_reduction_storage(n, c) doubles: where several processes share it, all may
 * take step 4 after one of them has taken the others. */
size_t svd_reduction_storage(size_t n, size_t c);
void svd_reduction_init_in(struct svd_reduction *reduction, size_t n, size_t c, double *storage);

/* 1. K beyond the covariates, ready for tridiagonal_reduction.h. gram: K, n x n, both triangles. reduction:
 * from svd_reduction_init_in, or zeroed, for memory of its own. svd must stay where it is. On error nothing
 * is to be freed. */
int svd_begin(struct svd *svd, const double *gram, const struct covariates *covariates,
              struct svd_reduction *reduction, struct error *err);
/* 2. The steps of tridiagonal_reduction.h but for its finish, by any threads.
 * 3. That, the eigenvalues, and of the vectors those of the tridiagonal matrix. */
int svd_solve(struct svd *svd, struct svd_reduction *reduction, struct error *err);
/* 4. Vectors are turned back, slab by slab of SVD_SLAB vectors, by any threads. */
enum { SVD_SLAB = 256 };
size_t svd_slabs(size_t rank);
int svd_finish_slab(struct svd *svd, const struct svd_reduction *reduction, size_t slab, struct error *err);
/* Safe on a zeroed struct. */
void svd_reduction_free(struct svd_reduction *reduction);

/* All of it. Uses one thread. */
int svd_compute(struct svd *svd, const double *gram, const struct covariates *covariates, struct error *err);

/* The largest penalty (lambda) whose scores single precision can tell apart. Far above the eigenvalues a
 * score is 4/(lambda n) times the sum over pairs in different folds of K_ij y_i y_j, so that under
 * permutation it has the standard deviation sqrt(8)/lambda times that of K_ij beyond the covariates. Less
 * than SVD_LEAST_SPREAD of it is lost in the tolerance for ties (1e-6, model/stats/significance.h) and in
 * rounding (6e-8 measured with 10 outer folds, 2e-7 with two). Larger penalties predict alike but for the
 * size. */
#define SVD_LEAST_SPREAD 1e-5
double svd_largest_penalty(const struct svd *svd);

/* Refuses penalties (lambdas) that float32 cannot serve, with EXIT_CODE_BAD_INPUT. Operators amplify rounding
 * by up to (largest eigenvalue) / smallest: at 1e5 scores are good to about 1e-5; over 1e6 is refused. So is
 * a largest over svd_largest_penalty. */
int svd_check_penalties(const struct svd *svd, double smallest, double largest, struct error *err);

/* *mean = d, the mean eigenvalue, which turns a heritability h into lambda = d (1 - h) / h. It is tr(Qo' K
 * Qo) / (n - c), where the trace is tr(K) - tr(basis' K basis): no eigenvalues are needed. gram: K, n x n. */
int svd_mean_eigenvalue(const double *gram, const struct covariates *covariates, double *mean,
                        struct error *err);

#endif
