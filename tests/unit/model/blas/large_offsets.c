/* BLAS and LAPACK count rows in 32 bits, but must not count the elements between them so: at 50,000 people K
 * has more than 2^31. Here a few columns stand 2^29 elements apart, in memory that is only touched where they
 * are. */
#include "testing.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

enum { SIZE = 8, LD = 1 << 29 };

static const size_t BYTES = sizeof(double) * LD * SIZE;

/* NULL where the system does not lend so much address space. */
static double *far_apart(void)
{
    void *at = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/* Positive definite. */
static void fill(double *matrix, size_t ld)
{
    for (size_t j = 0; j < SIZE; j++)
        for (size_t i = 0; i < SIZE; i++)
            matrix[j * ld + i] = 1 / (1. + (double)(i > j ? i - j : j - i)) + (i == j);
}

static void compare(const double *far, const double *near)
{
    for (size_t j = 0; j < SIZE; j++)
        for (size_t i = 0; i < SIZE; i++)
            CU_ASSERT_EQUAL(far[j * LD + i], near[j * SIZE + i]);
}

/* A step of the eigendecomposition, or a product. tau: SIZE numbers, values and beside likewise. */
struct numbers {
    double tau[SIZE], values[SIZE], beside[SIZE];
};
typedef lapack_int routine(double *a, const double *b, double *c, int ld, struct numbers *numbers);

static lapack_int multiply(double *a, const double *b, double *c, int ld, struct numbers *numbers)
{
    (void)numbers;
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, SIZE, SIZE, SIZE, 1, a, ld, b, ld, 1, c, ld);
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, SIZE, SIZE, 1, a, ld, 1, c, ld);
    cblas_dsymm(CblasRowMajor, CblasRight, CblasLower, SIZE, SIZE, 1, a, ld, b, ld, 1, c, ld);
    cblas_dtrmm(CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, SIZE, SIZE, 1, a, ld, c,
                ld);
    return 0;
}

static lapack_int invert(double *a, const double *b, double *c, int ld, struct numbers *numbers)
{
    (void)b, (void)c, (void)numbers;
    lapack_int info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', SIZE, a, ld);
    return info != 0 ? info : LAPACKE_dpotri(LAPACK_COL_MAJOR, 'U', SIZE, a, ld);
}

static lapack_int rotate(double *a, const double *b, double *c, int ld, struct numbers *numbers)
{
    (void)b;
    lapack_int info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, SIZE, SIZE / 2, a, ld, numbers->tau);
    return info != 0
               ? info
               : LAPACKE_dormqr(LAPACK_COL_MAJOR, 'R', 'N', SIZE, SIZE, SIZE / 2, a, ld, numbers->tau, c, ld);
}

static lapack_int decompose(double *a, const double *b, double *c, int ld, struct numbers *numbers)
{
    (void)b;
    lapack_int info =
        LAPACKE_dsytrd(LAPACK_COL_MAJOR, 'L', SIZE, a, ld, numbers->values, numbers->beside, numbers->tau);
    if (info == 0)
        info = LAPACKE_dstedc(LAPACK_COL_MAJOR, 'I', SIZE, numbers->values, numbers->beside, c, ld);
    if (info == 0)
        info = LAPACKE_dormtr(LAPACK_COL_MAJOR, 'L', 'L', 'N', SIZE, SIZE, a, ld, numbers->tau, c, ld);
    return info;
}

static void rows_far_apart_give_the_same(void)
{
    static routine *const routines[] = {multiply, invert, rotate, decompose};
    double near[3][SIZE * SIZE], *far[3];
    bool lent = true;
    for (int k = 0; k < 3; k++)
        lent = (far[k] = far_apart()) != NULL && lent;
    for (size_t r = 0; lent && r < sizeof routines / sizeof *routines; r++) {
        struct numbers numbers = {0}, numbers_far = {0};
        for (int k = 0; k < 3; k++) {
            fill(near[k], SIZE);
            fill(far[k], LD);
        }
        CU_ASSERT_EQUAL(routines[r](near[0], near[1], near[2], SIZE, &numbers), 0);
        CU_ASSERT_EQUAL(routines[r](far[0], far[1], far[2], LD, &numbers_far), 0);
        for (int k = 0; k < 3; k++)
            compare(far[k], near[k]);
    }
    for (int k = 0; k < 3; k++)
        if (far[k] != NULL)
            munmap(far[k], BYTES);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"rows_far_apart_give_the_same", rows_far_apart_give_the_same},
    };
    return testing_main(argc, argv, "large_offsets", cases, sizeof cases / sizeof *cases);
}
