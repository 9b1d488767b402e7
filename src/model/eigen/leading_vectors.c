#include "model/eigen/leading_vectors.h"

#include "base/memory.h"

#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

int leading_vectors_begin(struct leading_vectors *leading, const double *matrix, size_t n, size_t count,
                          const char *purpose, struct error *err)
{
    *leading = (struct leading_vectors){.n = n,
                                        .count = count,
                                        .matrix = memory_aligned(n * n, sizeof(double), purpose, err),
                                        .diagonal = memory_aligned(n, sizeof(double), purpose, err),
                                        .beside = memory_aligned(n, sizeof(double), purpose, err),
                                        .tau = memory_aligned(n, sizeof(double), purpose, err)};
    leading->tridiagonal = (struct tridiagonal_reduction){.purpose = purpose,
                                                          .n = n,
                                                          .ld = n,
                                                          .a = leading->matrix,
                                                          .diagonal = leading->diagonal,
                                                          .beside = leading->beside,
                                                          .tau = leading->tau};
    if (err->code == 0 && reduction_init(&leading->tridiagonal, err) == 0)
        memcpy(leading->matrix, matrix, n * n * sizeof *matrix);
    else
        leading_vectors_free(leading);
    return err->code;
}

void leading_vectors_free(struct leading_vectors *leading)
{
    free(leading->matrix);
    free(leading->diagonal);
    free(leading->beside);
    free(leading->tau);
    reduction_free(&leading->tridiagonal);
    *leading = (struct leading_vectors){0};
}

/* Eigenvalues of the tridiagonal matrix as dstebz finds them, and in which of its blocks: ascending in a
 * block. */
struct found_values {
    double *value;            /* n, of which count are used; LAPACKE looks at all */
    lapack_int *block, *ends; /* n each */
};

static int failed(const struct leading_vectors *leading, const char *routine, lapack_int info,
                  struct error *err)
{
    const char *purpose = leading->tridiagonal.purpose;
    if (info == LAPACK_WORK_MEMORY_ERROR)
        return error_set(err, EXIT_CODE_FAILED, "out of memory in %s (%s of the study)", routine, purpose);
    return error_set(err, EXIT_CODE_FAILED, "%s (%s of the study): info = %d", routine, purpose, (int)info);
}

/* Bisection for the values, inverse iteration for the vectors, which are made orthogonal where values are
 * close: what dsyevr does for a few of them. */
static int solve_tridiagonal(const struct leading_vectors *leading, struct found_values *found,
                             lapack_int *unconverged, double *vectors, struct error *err)
{
    int n = (int)leading->n, count = (int)leading->count;
    lapack_int n_found = 0, n_blocks = 0;
    lapack_int info =
        LAPACKE_dstebz('I', 'B', n, 0, 0, n - count + 1, n, 0, leading->diagonal, leading->beside, &n_found,
                       &n_blocks, found->value, found->block, found->ends);
    if (info != 0 || n_found != count)
        return failed(leading, "dstebz", info, err);
    info = LAPACKE_dstein(LAPACK_COL_MAJOR, n, leading->diagonal, leading->beside, count, found->value,
                          found->block, found->ends, vectors, n, unconverged);
    return info == 0 ? 0 : failed(leading, "dstein", info, err);
}

/* The largest value first, whatever its block. */
static void sort_vectors(const struct leading_vectors *leading, double *value, double *vectors)
{
    size_t n = leading->n;
    for (size_t k = 0; k < leading->count; k++) {
        size_t largest = k;
        for (size_t i = k + 1; i < leading->count; i++)
            if (value[i] > value[largest])
                largest = i;
        double swapped = value[k];
        value[k] = value[largest];
        value[largest] = swapped;
        for (size_t i = 0; largest != k && i < n; i++) {
            swapped = vectors[k * n + i];
            vectors[k * n + i] = vectors[largest * n + i];
            vectors[largest * n + i] = swapped;
        }
    }
}

int leading_vectors_solve(struct leading_vectors *leading, double *vectors, struct error *err)
{
    const char *purpose = leading->tridiagonal.purpose;
    int n = (int)leading->n, count = (int)leading->count;
    struct found_values found = {.value = memory_zeroed(leading->n, sizeof *found.value, purpose, err),
                                 .block = memory_zeroed(leading->n, sizeof *found.block, purpose, err),
                                 .ends = memory_zeroed(leading->n, sizeof *found.ends, purpose, err)};
    lapack_int *unconverged = memory_zeroed(leading->count, sizeof *unconverged, purpose, err);
    if (err->code == 0 && reduction_finish(&leading->tridiagonal, err) == 0 &&
        solve_tridiagonal(leading, &found, unconverged, vectors, err) == 0) {
        sort_vectors(leading, found.value, vectors);
        lapack_int info = LAPACKE_dormtr(LAPACK_COL_MAJOR, 'L', 'L', 'N', n, count, leading->matrix, n,
                                         leading->tau, vectors, n);
        if (info != 0)
            failed(leading, "dormtr", info, err);
    }
    free(found.value);
    free(found.block);
    free(found.ends);
    free(unconverged);
    return err->code;
}
