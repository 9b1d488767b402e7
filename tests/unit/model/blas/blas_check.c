#include "model/blas/blas_check.h"

#include "testing.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static float strmm_fault; /* added to one element of what strmm computes */

/* Stands in front of OpenBLAS's own, and can be made wrong. */
void cblas_strmm(OPENBLAS_CONST enum CBLAS_ORDER order, OPENBLAS_CONST enum CBLAS_SIDE side,
                 OPENBLAS_CONST enum CBLAS_UPLO uplo, OPENBLAS_CONST enum CBLAS_TRANSPOSE trans,
                 OPENBLAS_CONST enum CBLAS_DIAG diag, OPENBLAS_CONST blasint m, OPENBLAS_CONST blasint n,
                 OPENBLAS_CONST float alpha, OPENBLAS_CONST float *a, OPENBLAS_CONST blasint lda, float *b,
                 OPENBLAS_CONST blasint ldb)
{
    void (*own)(enum CBLAS_ORDER, enum CBLAS_SIDE, enum CBLAS_UPLO, enum CBLAS_TRANSPOSE, enum CBLAS_DIAG,
                blasint, blasint, float, const float *, blasint, float *, blasint);
    void *symbol = dlsym(RTLD_NEXT, "cblas_strmm");
    CU_ASSERT_PTR_NOT_NULL_FATAL(symbol);
    memcpy(&own, &symbol, sizeof own);
    own(order, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb);
    b[m * ldb - 1] += strmm_fault;
}

static void this_machine_passes(void)
{
    struct error err = {0};
    blas_check_single_thread();
    CU_ASSERT_EQUAL(blas_check_run(&err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
}

static void a_wrong_kernel_is_named(void)
{
    static const float faults[] = {0.5F, __builtin_nanf("")};
    static const char *const distances[] = {"0.5", "nan"};
    for (size_t k = 0; k < 2; k++) {
        struct error err = {0};
        char expected[500];
        strmm_fault = faults[k];
        CU_ASSERT_EQUAL(blas_check_run(&err), EXIT_CODE_FAILED);
        strmm_fault = 0;
        snprintf(
            expected, sizeof expected,
            "strmm gives wrong results with OpenBLAS's %s kernels on this processor (off by %s; expected "
            "at most 0.0001): choose others with the environment variable OPENBLAS_CORETYPE, such as "
            "OPENBLAS_CORETYPE=Haswell",
            blas_check_core(), distances[k]);
        CU_ASSERT_STRING_EQUAL(err.message, expected);
    }
}

static void kernels_have_a_name(void)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(blas_check_core());
    CU_ASSERT_TRUE(strlen(blas_check_core()) > 0);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"this_machine_passes", this_machine_passes},
                                             {"a_wrong_kernel_is_named", a_wrong_kernel_is_named},
                                             {"kernels_have_a_name", kernels_have_a_name}};
    return testing_main(argc, argv, "blas_check", cases, sizeof cases / sizeof *cases);
}
