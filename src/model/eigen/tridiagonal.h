/* Eigenvalues and eigenvectors of a symmetric tridiagonal matrix, the middle step of the SVD. */
#ifndef ARETE_MODEL_EIGEN_TRIDIAGONAL_H
#define ARETE_MODEL_EIGEN_TRIDIAGONAL_H

#include "base/error.h"

#include <stddef.h>

enum tridiagonal_method {
    TRIDIAGONAL_DIVIDE,         /* divide and conquer, dstedc: the fastest; takes n^2 doubles beside */
    TRIDIAGONAL_REPRESENTATIONS /* relatively robust representations, dstemr: takes 18 n */
};

/* LAPACK counts its workspace in 32 bits, which is enough for divide and conquer up to 46,338 rows. */
enum tridiagonal_method tridiagonal_method_for(size_t n);

/* Doubles that the method for n rows takes while it runs. */
double tridiagonal_workspace(size_t n);

/* Replaces diagonal (n) by the eigenvalues, ascending. beside: the n - 1 numbers beside the diagonal and room
 * for one more; overwritten. vector k: the n numbers from vectors + k ld on. Uses one thread. */
int tridiagonal_solve(enum tridiagonal_method method, size_t n, double *diagonal, double *beside,
                      double *vectors, size_t ld, struct error *err);

#endif
