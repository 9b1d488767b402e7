#include "model/blas/blas_check.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Odd sizes of more than one kernel block in each direction, so that kernels for edges run too. */
enum { ROWS = 67, COLUMNS = 131, DEPTH = 67 };
enum { N_A = ROWS * DEPTH, N_B = DEPTH * COLUMNS, N_FOUND = ROWS * COLUMNS, N_SQUARE = ROWS * ROWS };

const char *blas_check_core(void)
{
    return openblas_get_corename();
}

void blas_check_single_thread(void)
{
    openblas_set_num_threads(1);
}

/* Numbers in (-1, 1) without a pattern: the high bits of a linear congruential generator. */
static void fill(double *values, size_t count)
{
    uint64_t state = 1;
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        values[i] = (double)(state >> 40) / (double)(1 << 23) - 1;
    }
}

struct check_arrays {
    double a[N_A], b[N_B], expected[N_FOUND], found[N_FOUND];
    float a_single[N_A], b_single[N_B], found_single[N_FOUND];
    double vectors[N_SQUARE], values[ROWS], rebuilt[N_SQUARE];
};

/* expected = A B, A taken as upper triangular on request. */
static void multiply(struct check_arrays *m, int upper)
{
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            double sum = 0;
            for (size_t k = upper ? i : 0; k < DEPTH; k++)
                sum += m->a[i * DEPTH + k] * m->b[k * COLUMNS + j];
            m->expected[i * COLUMNS + j] = sum;
        }
}

static int differs(const char *routine, const double *found, const double *expected, size_t count,
                   double tolerance, struct error *err)
{
    double worst = 0;
    for (size_t i = 0; i < count; i++) {
        double difference = fabs(found[i] - expected[i]);
        worst = difference > worst || isnan(difference) ? difference : worst;
    }
    if (worst <= tolerance)
        return 0;
    return error_set(
        err, EXIT_CODE_FAILED,
        "%s gives wrong results with OpenBLAS's %s kernels on this processor (off by %.2g; expected at most "
        "%.2g): choose others with the environment variable OPENBLAS_CORETYPE, such as "
        "OPENBLAS_CORETYPE=Haswell",
        routine, blas_check_core(), worst, tolerance);
}

static void widen(const float *from, double *to, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (double)from[i];
}

static int check_products(struct check_arrays *m, struct error *err)
{
    const size_t count = N_FOUND;
    multiply(m, 0);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, ROWS, COLUMNS, DEPTH, 1, m->a, DEPTH, m->b,
                COLUMNS, 0, m->found, COLUMNS);
    if (differs("dgemm", m->found, m->expected, count, 1e-12, err) != 0)
        return err->code;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, ROWS, COLUMNS, DEPTH, 1, m->a_single, DEPTH,
                m->b_single, COLUMNS, 0, m->found_single, COLUMNS);
    widen(m->found_single, m->found, count);
    if (differs("sgemm", m->found, m->expected, count, 1e-4, err) != 0)
        return err->code;
    multiply(m, 1);
    memcpy(m->found_single, m->b_single, sizeof m->found_single);
    cblas_strmm(CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, ROWS, COLUMNS, 1,
                m->a_single, DEPTH, m->found_single, COLUMNS);
    widen(m->found_single, m->found, count);
    return differs("strmm", m->found, m->expected, count, 1e-4, err);
}

/* G = A A' by dsyrk against plain loops; then V diag(values) V' must give G back. */
static int check_eigenvectors(struct check_arrays *m, struct error *err)
{
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < ROWS; j++) {
            m->rebuilt[i * ROWS + j] = 0;
            for (size_t k = 0; k < DEPTH; k++)
                m->rebuilt[i * ROWS + j] += m->a[i * DEPTH + k] * m->a[j * DEPTH + k];
        }
    memset(m->vectors, 0, sizeof m->vectors);
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, ROWS, DEPTH, 1, m->a, DEPTH, 0, m->vectors, ROWS);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < i; j++)
            m->vectors[j * ROWS + i] = m->vectors[i * ROWS + j];
    if (differs("dsyrk", m->vectors, m->rebuilt, N_SQUARE, 1e-12, err) != 0)
        return err->code;
    lapack_int info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', ROWS, m->vectors, ROWS, m->values);
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dsyevd in the self-check of LAPACK: info = %d", (int)info);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < ROWS; j++) {
            double sum = 0;
            for (size_t k = 0; k < ROWS; k++)
                sum += m->values[k] * m->vectors[k * ROWS + i] * m->vectors[k * ROWS + j];
            m->found[i * ROWS + j] = sum;
        }
    return differs("dsyevd", m->found, m->rebuilt, N_SQUARE, 1e-10, err);
}

int blas_check_run(struct error *err)
{
    struct check_arrays *m = memory_zeroed(1, sizeof *m, "the self-check of BLAS", err);
    if (m == NULL)
        return err->code;
    fill(m->a, N_A);
    fill(m->b, N_B);
    for (size_t i = 0; i < N_A; i++)
        m->a_single[i] = (float)m->a[i];
    for (size_t i = 0; i < N_B; i++)
        m->b_single[i] = (float)m->b[i];
    if (check_products(m, err) == 0)
        check_eigenvectors(m, err);
    free(m);
    return err->code;
}
