/* The leading eigenvectors of a symmetric matrix, those of its largest eigenvalues: reduction to a
 * tridiagonal matrix, a few vectors of that, which are turned back. As exact as LAPACK's dsyevr, which does
 * the same on one thread. */
#ifndef ARETE_MODEL_EIGEN_LEADING_VECTORS_H
#define ARETE_MODEL_EIGEN_LEADING_VECTORS_H

#include "base/error.h"
#include "model/eigen/tridiagonal_reduction.h"

#include <stddef.h>

/* What is under way. */
struct leading_vectors {
    size_t n, count;
    double *matrix;                  /* n x n: a copy, then its reflectors */
    double *diagonal, *beside, *tau; /* n each */
    struct tridiagonal_reduction tridiagonal;
};

/* The steps. 1. A copy of the matrix: n x n, both triangles. count: 1 ... n. purpose: for messages. `leading`
 * must stay where it is. On error nothing is to be freed. */
int leading_vectors_begin(struct leading_vectors *leading, const double *matrix, size_t n, size_t count,
                          const char *purpose, struct error *err);
/* 2. The steps of tridiagonal_reduction.h but for its finish, by any threads: the bits do not depend on them.
 * 3. That, and the vectors of the `count` largest eigenvalues, the largest first. Vector k, of length 1: the
 * n numbers from vectors + k n on. Uses one thread. */
int leading_vectors_solve(struct leading_vectors *leading, double *vectors, struct error *err);
/* Safe on a zeroed struct. */
void leading_vectors_free(struct leading_vectors *leading);

#endif
