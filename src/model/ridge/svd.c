#include "model/ridge/svd.h"

#include "base/memory.h"
#include "model/eigen/tridiagonal.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t svd_storage(size_t n, size_t c)
{
    return (n - c) * (n + 1);
}

void svd_init_in(struct svd *svd, size_t n, size_t c, double *storage)
{
    *svd = (struct svd){.n = n, .rank = n - c, .vectors = storage, .eigenvalues = storage + (n - c) * n};
}

int svd_init(struct svd *svd, size_t n, size_t c, struct error *err)
{
    double *owned = memory_aligned(svd_storage(n, c), sizeof *owned, "the singular vectors and values", err);
    *svd = (struct svd){0};
    if (owned == NULL)
        return err->code;
    svd_init_in(svd, n, c, owned);
    svd->owned = owned;
    return 0;
}

void svd_free(struct svd *svd)
{
    free(svd->owned);
    *svd = (struct svd){0};
}

static int lapack_failed(const char *routine, lapack_int info, struct error *err)
{
    if (info == LAPACK_WORK_MEMORY_ERROR)
        return error_set(err, EXIT_CODE_FAILED, "out of memory in %s (the SVD of the study)", routine);
    return error_set(err, EXIT_CODE_FAILED, "%s (the SVD of the study): info = %d", routine, (int)info);
}

/* Replaces K in `rotated`, n x n, by Q' K Q. Q = [basis, Qo] is given by its reflectors. Column-major, which
 * is no matter as K is symmetric. */
static int rotate(double *rotated, const double *reflectors, const double *tau, int n, int c,
                  struct error *err)
{
    lapack_int info = LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'T', n, n, c, reflectors, n, tau, rotated, n);
    if (info == 0)
        info = LAPACKE_dormqr(LAPACK_COL_MAJOR, 'R', 'N', n, n, c, reflectors, n, tau, rotated, n);
    return info == 0 ? 0 : lapack_failed("dormqr", info, err);
}

/* The part of `rotated` beyond the covariates, Qo' K Qo, r x r. */
static double *beyond(const struct svd_reduction *reduction)
{
    return reduction->rotated + reduction->c * reduction->n + reduction->c;
}

/* K beyond the covariates. */
static int reduce_covariates(struct svd_reduction *reduction, const double *gram,
                             const struct covariates *covariates, struct error *err)
{
    int n = (int)reduction->n, c = (int)reduction->c;
    for (size_t i = 0; i < reduction->n; i++)
        cblas_dcopy(c, covariates->basis + i * covariates->c, 1, reduction->reflectors + i, n);
    lapack_int info =
        LAPACKE_dgeqrf(LAPACK_COL_MAJOR, n, c, reduction->reflectors, n, reduction->covariate_tau);
    if (info != 0)
        return lapack_failed("dgeqrf", info, err);
    memcpy(reduction->rotated, gram, reduction->n * reduction->n * sizeof *gram);
    return rotate(reduction->rotated, reduction->reflectors, reduction->covariate_tau, n, c, err);
}

/* Doubles of an array with what it takes for the next one to begin on a cache line. */
static size_t padded(size_t count)
{
    const size_t line = 64 / sizeof(double);
    return (count + line - 1) / line * line;
}

size_t svd_reduction_storage(size_t n, size_t c)
{
    return padded(n * n) + padded(n * c) + padded(c) + padded(n - c);
}

void svd_reduction_init_in(struct svd_reduction *reduction, size_t n, size_t c, double *storage)
{
    *reduction = (struct svd_reduction){.n = n, .c = c, .rotated = storage};
    reduction->reflectors = reduction->rotated + padded(n * n);
    reduction->covariate_tau = reduction->reflectors + padded(n * c);
    reduction->tau = reduction->covariate_tau + padded(c);
}

static int allocate(struct svd_reduction *reduction, size_t n, size_t c, struct error *err)
{
    if (reduction->rotated == NULL) {
        double *owned = memory_aligned(svd_reduction_storage(n, c), sizeof *owned, "the SVD", err);
        if (owned == NULL)
            return err->code;
        svd_reduction_init_in(reduction, n, c, owned);
        reduction->owned = owned;
    }
    reduction->beside = memory_aligned(n - c, sizeof *reduction->beside, "the SVD", err);
    return err->code;
}

int svd_begin(struct svd *svd, const double *gram, const struct covariates *covariates,
              struct svd_reduction *reduction, struct error *err)
{
    if (allocate(reduction, svd->n, covariates->c, err) == 0 &&
        reduce_covariates(reduction, gram, covariates, err) == 0) {
        reduction->tridiagonal = (struct tridiagonal_reduction){.purpose = "the SVD",
                                                                .n = svd->rank,
                                                                .ld = svd->n,
                                                                .a = beyond(reduction),
                                                                .diagonal = svd->eigenvalues,
                                                                .beside = reduction->beside,
                                                                .tau = reduction->tau};
        reduction_init(&reduction->tridiagonal, err);
    }
    if (err->code != 0)
        svd_reduction_free(reduction);
    return err->code;
}

int svd_solve(struct svd *svd, struct svd_reduction *reduction, struct error *err)
{
    size_t rank = svd->rank;
    if (reduction_finish(&reduction->tridiagonal, err) == 0)
        tridiagonal_solve(tridiagonal_method_for(rank), rank, svd->eigenvalues, reduction->beside,
                          svd->vectors + reduction->c, svd->n, err);
    for (size_t k = 0; err->code == 0 && k < rank; k++)
        svd->eigenvalues[k] = fmax(svd->eigenvalues[k], 0);
    return err->code;
}

void svd_reduction_free(struct svd_reduction *reduction)
{
    free(reduction->owned);
    free(reduction->beside);
    reduction_free(&reduction->tridiagonal);
    *reduction = (struct svd_reduction){0};
}

size_t svd_slabs(size_t rank)
{
    return (rank + SVD_SLAB - 1) / SVD_SLAB;
}

/* Multiplies by Q, that of the covariates. dorm2r, which serves few of them, writes into the reflectors while
 * it runs, so every thread has its own. */
static int add_covariates(const struct svd_reduction *reduction, double *vectors, int count,
                          struct error *err)
{
    size_t n = reduction->n, c = reduction->c;
    double *reflectors = memory_aligned(n * c, sizeof *reflectors, "the SVD", err);
    if (reflectors == NULL)
        return err->code;
    memcpy(reflectors, reduction->reflectors, n * c * sizeof *reflectors);
    lapack_int info = LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'N', (int)n, count, (int)c, reflectors, (int)n,
                                     reduction->covariate_tau, vectors, (int)n);
    free(reflectors);
    return info == 0 ? 0 : lapack_failed("dormqr", info, err);
}

/* LAPACKE_dormtr would look through all reflectors for NaN, for every slab. */
static int turn_back(const struct svd *svd, const struct svd_reduction *reduction, double *vectors, int count,
                     struct error *err)
{
    int n = (int)svd->n, rank = (int)svd->rank;
    double size = 0, *work = NULL;
    lapack_int info = LAPACKE_dormtr_work(LAPACK_COL_MAJOR, 'L', 'L', 'N', rank, count, beyond(reduction), n,
                                          reduction->tau, vectors, n, &size, -1);
    if (info == 0 && (work = memory_aligned((size_t)size, sizeof *work, "the SVD", err)) == NULL)
        return err->code;
    if (info == 0)
        info = LAPACKE_dormtr_work(LAPACK_COL_MAJOR, 'L', 'L', 'N', rank, count, beyond(reduction), n,
                                   reduction->tau, vectors, n, work, (lapack_int)size);
    free(work);
    return info == 0 ? 0 : lapack_failed("dormtr", info, err);
}

int svd_finish_slab(struct svd *svd, const struct svd_reduction *reduction, size_t slab, struct error *err)
{
    size_t first = slab * SVD_SLAB, left = svd->rank - first, n = svd->n, c = reduction->c;
    int count = (int)(left < SVD_SLAB ? left : SVD_SLAB);
    double *vectors = svd->vectors + first * n;
    if (turn_back(svd, reduction, vectors + c, count, err) != 0)
        return err->code;
    for (int k = 0; k < count; k++)
        memset(vectors + (size_t)k * n, 0, c * sizeof *vectors);
    return add_covariates(reduction, vectors, count, err);
}

int svd_compute(struct svd *svd, const double *gram, const struct covariates *covariates, struct error *err)
{
    struct svd_reduction reduction = {0};
    if (svd_begin(svd, gram, covariates, &reduction, err) == 0) {
        reduction_steps(&reduction.tridiagonal);
        svd_solve(svd, &reduction, err);
    }
    for (size_t slab = 0; err->code == 0 && slab < svd_slabs(svd->rank); slab++)
        svd_finish_slab(svd, &reduction, slab, err);
    svd_reduction_free(&reduction);
    return err->code;
}

/* With two digits, not over x: what a message names must be allowed. */
static double two_digits_down(double x)
{
    double unit = pow(10, floor(log10(x)) - 1);
    return floor(x / unit) * unit;
}

double svd_largest_penalty(const struct svd *svd)
{
    double sum = 0, squares = 0, rank = (double)svd->rank;
    for (size_t k = 0; k < svd->rank; k++)
        sum += svd->eigenvalues[k];
    for (size_t k = 0; k < svd->rank; k++)
        squares += pow(svd->eigenvalues[k] - sum / rank, 2);
    return sqrt(8 * squares) / rank / SVD_LEAST_SPREAD; /* squares / rank^2: the variance of K_ij */
}

int svd_check_penalties(const struct svd *svd, double smallest, double largest, struct error *err)
{
    const double most_amplification = 1e6;
    double eigenvalue = svd->eigenvalues[svd->rank - 1]; /* ascending */
    if (eigenvalue > most_amplification * smallest)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "model: a penalty of lambda = %g found; expected at least %.2g (1e-6 of the largest "
                         "eigenvalue of K, %.3g): "
                         "a smaller one cannot be computed in single precision",
                         smallest, eigenvalue / most_amplification, eigenvalue);
    if (largest > svd_largest_penalty(svd))
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "model: a penalty of lambda = %g found; expected at most %.2g: a larger one predicts "
            "alike, but its scores are too near 0 for single precision (scikit-learn's alpha is "
            "lambda times the number of SNPs)",
            largest, two_digits_down(svd_largest_penalty(svd)));
    return 0;
}

int svd_mean_eigenvalue(const double *gram, const struct covariates *covariates, double *mean,
                        struct error *err)
{
    size_t n = covariates->n, c = covariates->c;
    double *product = memory_aligned(n * c, sizeof *product, "the mean eigenvalue", err);
    if (product == NULL)
        return err->code;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)c, (int)n, 1, gram, (int)n,
                covariates->basis, (int)c, 0, product, (int)c);
    double trace = 0;
    for (size_t i = 0; i < n; i++)
        trace += gram[i * n + i];
    for (size_t i = 0; i < n; i++)
        trace -= cblas_ddot((int)c, product + i * c, 1, covariates->basis + i * c, 1);
    free(product);
    *mean = trace / (double)(n - c);
    return 0;
}
