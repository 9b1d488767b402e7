/* A self-check of BLAS and LAPACK when a run starts. A library that computes wrongly on this processor must
 * not cost a user a week. */
#ifndef ARETE_MODEL_BLAS_BLAS_CHECK_H
#define ARETE_MODEL_BLAS_BLAS_CHECK_H

#include "base/error.h"

/* Name of the kernels OpenBLAS chose for this processor, such as "SkylakeX". */
const char *blas_check_core(void);

/* Makes BLAS use one thread for each call. Workers are the parallelism, and results must not depend on the
 * number of threads. */
void blas_check_single_thread(void);

/* Compares small products and decompositions (sgemm, strmm, dgemm, dsyrk, dsyevd) with plain loops. If one is
 * wrong, the error is EXIT_CODE_FAILED and names the routine, the kernels and how to choose others. */
int blas_check_run(struct error *err);

#endif
