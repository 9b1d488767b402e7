/* A symmetric matrix A is turned into a tridiagonal one, T = Q'AQ, by Householder reflectors, as LAPACK's
 * dsytrd does it ('L'), cut so that any number of threads share the work and all give the same bits.
 *
 * Column after column a reflector v is made, and the rest of A is multiplied by it. After a panel of
 * TRIDIAGONAL_PANEL columns the rest is updated, A -= V W' + W V' (LAPACK Working Note 2; Golub and Van Loan,
 * Matrix Computations, 8.3). The products read all of the rest for each column and wait for memory; they are
 * half of the flops and most of the time.
 *
 *     for every panel:
 *         reduction_begin                  the reflector of its first column
 *         for every column of the panel:
 *             reduction_product            any threads, a slab each; then
 *             reduction_next               closes the column and makes the next one's reflector
 *         reduction_update                 any threads, a slab each
 *     reduction_finish                     the last columns, by dsytrd */
#ifndef ARETE_MODEL_EIGEN_TRIDIAGONAL_REDUCTION_H
#define ARETE_MODEL_EIGEN_TRIDIAGONAL_REDUCTION_H

#include "base/error.h"

#include <stddef.h>

/* Columns that are updated together; slabs that a product or an update is cut into: nothing but n decides
 * how, so that bits do not depend on threads. Rows that are left to dsytrd: they stay in the cache. */
enum { TRIDIAGONAL_PANEL = 32, TRIDIAGONAL_SLABS = 8, TRIDIAGONAL_REST = 512 };

struct tridiagonal_reduction {
    const char *purpose; /* for messages: "the SVD" */
    size_t n, ld;
    double *a; /* the caller's, n x n, column-major, its lower triangle; reflectors are written below it */
    double *diagonal, *beside, *tau; /* the caller's: n, n - 1 and n - 1 numbers (room for n each) */
    double *w, *products;            /* n x panel; n x slabs */
};

/* The members up to tau are the caller's to set, in this struct; allocates the rest. */
int reduction_init(struct tridiagonal_reduction *reduction, struct error *err);
void reduction_free(struct tridiagonal_reduction *reduction);

/* Panels before the rest; their first columns are 0, TRIDIAGONAL_PANEL, ... */
size_t reduction_panels(size_t n);

/* The steps. column: 0 ... TRIDIAGONAL_PANEL panels - 1; slab: 0 ... TRIDIAGONAL_SLABS-1. */
void reduction_begin(struct tridiagonal_reduction *reduction, size_t column);
void reduction_product(struct tridiagonal_reduction *reduction, size_t column, size_t slab);
void reduction_next(struct tridiagonal_reduction *reduction, size_t column);
void reduction_update(struct tridiagonal_reduction *reduction, size_t panel, size_t slab);
/* Refuses a matrix that is not all numbers. */
int reduction_finish(struct tridiagonal_reduction *reduction, struct error *err);

/* All of them but the finish, on one thread. */
void reduction_steps(struct tridiagonal_reduction *reduction);

#endif
