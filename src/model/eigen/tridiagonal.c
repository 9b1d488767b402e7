#include "model/eigen/tridiagonal.h"

#include "base/memory.h"

#include <lapacke.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Doubles that dstedc asks for. */
static double divide_workspace(double n)
{
    return 1 + 4 * n + n * n;
}

enum tridiagonal_method tridiagonal_method_for(size_t n)
{
    return divide_workspace((double)n) <= INT_MAX ? TRIDIAGONAL_DIVIDE : TRIDIAGONAL_REPRESENTATIONS;
}

double tridiagonal_workspace(size_t n)
{
    double rows = (double)n;
    return tridiagonal_method_for(n) == TRIDIAGONAL_DIVIDE ? divide_workspace(rows) : 18 * rows;
}

static int by_representations(size_t n, double *diagonal, double *beside, double *vectors, size_t ld,
                              struct error *err)
{
    lapack_int found = 0;
    lapack_logical accurate = 1;
    double *values = memory_aligned(n, sizeof *values, "the SVD", err);
    lapack_int *support = memory_zeroed(2 * n, sizeof *support, "the SVD", err);
    if (values != NULL && support != NULL) {
        lapack_int info = LAPACKE_dstemr(LAPACK_COL_MAJOR, 'V', 'A', (int)n, diagonal, beside, 0, 0, 0, 0,
                                         &found, values, vectors, (int)ld, (int)n, support, &accurate);
        if (info != 0 || found != (lapack_int)n)
            error_set(err, EXIT_CODE_FAILED, "dstemr (the SVD of the study): info = %d, %d of %zu found",
                      (int)info, (int)found, n);
        memcpy(diagonal, values, n * sizeof *values);
    }
    free(values);
    free(support);
    return err->code;
}

int tridiagonal_solve(enum tridiagonal_method method, size_t n, double *diagonal, double *beside,
                      double *vectors, size_t ld, struct error *err)
{
    if (method == TRIDIAGONAL_REPRESENTATIONS)
        return by_representations(n, diagonal, beside, vectors, ld, err);
    lapack_int info = LAPACKE_dstedc(LAPACK_COL_MAJOR, 'I', (int)n, diagonal, beside, vectors, (int)ld);
    if (info == LAPACK_WORK_MEMORY_ERROR)
        return error_set(err, EXIT_CODE_FAILED, "out of memory in dstedc (the SVD of the study)");
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dstedc (the SVD of the study): info = %d", (int)info);
    return 0;
}
