#include "model/ridge/svd.h"

#include "base/memory.h"

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

int svd_compute(struct svd *svd, const double *gram, const struct covariates *covariates, struct error *err)
{
    int n = (int)svd->n, c = (int)covariates->c, r = (int)svd->rank;
    double *rotated = memory_aligned(svd->n * svd->n, sizeof *rotated, "the SVD", err);
    double *reflectors = memory_aligned(svd->n * covariates->c, sizeof *reflectors, "the SVD", err);
    double *tau = memory_aligned(covariates->c, sizeof *tau, "the SVD", err);
    if (rotated == NULL || reflectors == NULL || tau == NULL)
        goto out;
    for (size_t i = 0; i < svd->n; i++)
        cblas_dcopy(c, covariates->basis + i * covariates->c, 1, reflectors + i, n);
    lapack_int info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, n, c, reflectors, n, tau);
    if (info != 0) {
        lapack_failed("dgeqrf", info, err);
        goto out;
    }
    memcpy(rotated, gram, svd->n * svd->n * sizeof *rotated);
    if (rotate(rotated, reflectors, tau, n, c, err) != 0)
        goto out;
    double *beyond = rotated + (size_t)c * svd->n + covariates->c; /* Qo' K Qo, r x r */
    info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', r, beyond, n, svd->eigenvalues);
    if (info != 0) {
        lapack_failed("dsyevd", info, err);
        goto out;
    }
    for (size_t k = 0; k < svd->rank; k++) {
        memset(svd->vectors + k * svd->n, 0, covariates->c * sizeof *svd->vectors);
        memcpy(svd->vectors + k * svd->n + covariates->c, beyond + k * svd->n,
               svd->rank * sizeof *svd->vectors);
        svd->eigenvalues[k] = fmax(svd->eigenvalues[k], 0);
    }
    info = LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'N', n, r, c, reflectors, n, tau, svd->vectors, n);
    if (info != 0)
        lapack_failed("dormqr", info, err);
out:
    free(rotated);
    free(reflectors);
    free(tau);
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
    trace -= cblas_ddot((int)(n * c), product, 1, covariates->basis, 1);
    free(product);
    *mean = trace / (double)(n - c);
    return 0;
}
