/* A self-check of BLAS and LAPACK at start: a kernel that is wrong on this processor must not cost a user a
 * week. */
#ifndef ARETE_MODEL_BLAS_BLAS_CHECK_H
#define ARETE_MODEL_BLAS_BLAS_CHECK_H

#include "base/error.h"

/* Name of the kernels OpenBLAS chose for this processor, such as "SkylakeX". */
const char *blas_check_core(void);

/* One thread a call: workers are the parallelism, and results must not depend on a number of threads. */
void blas_check_single_thread(void);

/* Compares small sgemm, strmm, dgemm, dsyrk and dsyevd with plain loops. EXIT_CODE_FAILED names the routine,
 * the kernels and how to choose others. */
int blas_check_run(struct error *err);

#endif
