#include "model/ridge/filled.h"

#include "base/memory.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* half = K Q - Q (Q'KQ)/2 - d/2 Q, n x c, so that K beyond the covariates less *mean = d times what is beyond
 * them is K - d I - half Q' - Q half'; d is its mean eigenvalue. */
static double *half_correction(const double *gram, const struct covariates *covariates, double *mean,
                               struct error *err)
{
    int n = (int)covariates->n, c = (int)covariates->c;
    double *half = memory_aligned(covariates->n * covariates->c, sizeof *half, "K of missing values", err);
    double *inner = memory_aligned(covariates->c * covariates->c, sizeof *inner, "K of missing values", err);
    if (err->code == 0) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, c, n, 1, gram, n, covariates->basis, c, 0,
                    half, c);
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, c, c, n, 1, covariates->basis, c, half, c, 0,
                    inner, c);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, c, c, -0.5, covariates->basis, c, inner, c,
                    1, half, c);
        double left = -2 * cblas_ddot(n * c, half, 1, covariates->basis, 1);
        for (size_t i = 0; i < covariates->n; i++)
            left += gram[i * covariates->n + i];
        *mean = left / (double)(n - c);
        cblas_daxpy(n * c, -0.5 * *mean, covariates->basis, 1, half, 1);
    }
    free(inner);
    return half;
}

float *filled_kinship(const double *gram, const struct covariates *covariates, struct error *err)
{
    size_t n = covariates->n, c = covariates->c;
    double mean = 0, *half = half_correction(gram, covariates, &mean, err);
    double *row = memory_aligned(n, sizeof *row, "K of missing values", err);
    float *kinship = memory_aligned(n * n, sizeof *kinship, "K of missing values", err);
    for (size_t i = 0; err->code == 0 && i < n; i++) {
        memcpy(row, gram + i * n, n * sizeof *row);
        row[i] -= mean;
        cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)n, (int)c, -1, half, (int)c, covariates->basis + i * c,
                    1, 1, row, 1);
        cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)n, (int)c, -1, covariates->basis, (int)c, half + i * c,
                    1, 1, row, 1);
        for (size_t j = 0; j < n; j++)
            kinship[i * n + j] = (float)row[j];
    }
    free(half);
    free(row);
    return kinship;
}

/* A pattern's arrays, n each. */
struct pattern {
    double *value;          /* 1: has a value, 0: is filled in */
    double *share, *spread; /* of a block: how many have a value, and the variance of `value` */
    double *along, *half;   /* the pattern's direction, and as above */
    double *row;            /* K_ij^2 of one i; 0 at i */
    double *expected, *sum; /* of each row: over those who have a value, on average; over all */
};

enum { PATTERN_ARRAYS = 8 };

size_t filled_workspace(const struct covariates *covariates)
{
    return PATTERN_ARRAYS * covariates->n + covariates->c;
}

static void fill_shares(struct pattern *p, const struct permutation_scheme *scheme, const bool *is_filled)
{
    for (size_t i = 0; i < scheme->n; i++)
        p->value[i] = !is_filled[i];
    for (size_t b = 0; b < scheme->n_blocks; b++) {
        const uint32_t *member = scheme->members + scheme->start[b];
        size_t size = scheme->start[b + 1] - scheme->start[b];
        double count = 0;
        for (size_t k = 0; k < size; k++)
            count += p->value[member[k]];
        double share = count / (double)size;
        for (size_t k = 0; k < size; k++) {
            p->share[member[k]] = share;
            p->spread[member[k]] = size > 1 ? share * (1 - share) * (double)size / (double)(size - 1) : 0;
        }
    }
}

/* The pattern beyond the covariates, of length 1, and K times it, less half of its own part; zeros where the
 * covariates explain it. projection: c. */
static void find_direction(struct pattern *p, const float *kinship, const struct covariates *covariates,
                           double *projection)
{
    const double least = 1e-6; /* of the pattern's square */
    int n = (int)covariates->n, c = (int)covariates->c;
    memcpy(p->along, p->value, covariates->n * sizeof *p->along);
    double whole = cblas_ddot(n, p->value, 1, p->value, 1);
    cblas_dgemv(CblasRowMajor, CblasTrans, n, c, 1, covariates->basis, c, p->value, 1, 0, projection, 1);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, n, c, -1, covariates->basis, c, projection, 1, 1, p->along, 1);
    double left = cblas_ddot(n, p->along, 1, p->along, 1);
    cblas_dscal(n, left > least * whole ? 1 / sqrt(left) : 0, p->along, 1);
    memset(p->half, 0, covariates->n * sizeof *p->half);
    for (size_t i = 0; i < covariates->n; i++)
        for (size_t j = 0; j < covariates->n; j++) /* K is symmetric */
            p->half[j] += p->along[i] * (double)kinship[i * covariates->n + j];
    cblas_daxpy(n, -0.5 * cblas_ddot(n, p->half, 1, p->along, 1), p->along, 1, p->half, 1);
}

static void fill_row(struct pattern *p, const float *kinship, size_t n, size_t i)
{
    const double along = p->along[i], half = p->half[i];
    for (size_t j = 0; j < n; j++) {
        double beyond = (double)kinship[i * n + j] - along * p->half[j] - half * p->along[j];
        p->row[j] = beyond * beyond;
    }
    p->row[i] = 0;
}

/* The sum over pairs as it is, and its mean under permutation; leaves the sums of rows. Two people of one
 * block both have a value a little less often than two of different blocks. */
static void sum_pairs(struct pattern *p, const float *kinship, const struct permutation_scheme *scheme,
                      double *observed, double *mean)
{
    size_t n = scheme->n;
    bool one = scheme->n_blocks == 1;
    *observed = *mean = 0;
    for (size_t b = 0; b < scheme->n_blocks; b++) {
        size_t first = scheme->start[b], end = scheme->start[b + 1];
        double inside = 0;
        for (size_t k = first; k < end; k++) {
            size_t i = scheme->members[k];
            fill_row(p, kinship, n, i);
            if (p->value[i] > 0)
                *observed += cblas_ddot((int)n, p->row, 1, p->value, 1);
            p->sum[i] = cblas_dasum((int)n, p->row, 1);
            p->expected[i] = one ? p->share[i] * p->sum[i] : cblas_ddot((int)n, p->row, 1, p->share, 1);
            *mean += p->share[i] * p->expected[i];
            for (size_t l = first; !one && l < end; l++)
                inside += p->row[scheme->members[l]];
            inside += one ? p->sum[i] : 0;
        }
        *mean -= inside * p->spread[scheme->members[first]] / (double)(end - first);
    }
}

/* What depends on who has a value by the row that each is in: a sum over people, drawn inside blocks. */
static double variance_of_rows(const struct pattern *p, const struct permutation_scheme *scheme)
{
    double variance = 0;
    for (size_t b = 0; b < scheme->n_blocks; b++) {
        const uint32_t *member = scheme->members + scheme->start[b];
        size_t size = scheme->start[b + 1] - scheme->start[b];
        double mean = 0, squares = 0;
        for (size_t k = 0; k < size; k++)
            mean += p->expected[member[k]] / (double)size;
        for (size_t k = 0; k < size; k++)
            squares += (p->expected[member[k]] - mean) * (p->expected[member[k]] - mean);
        variance += 4 * squares * p->spread[member[0]];
    }
    return variance;
}

/* What is left of the pairs beyond their rows. */
static double variance_of_pairs(struct pattern *p, const float *kinship, size_t n)
{
    double all = cblas_dasum((int)n, p->sum, 1) / ((double)n * (double)(n - 1)), variance = 0;
    for (size_t i = 0; i < n; i++) {
        double weighted = 0;
        fill_row(p, kinship, n, i);
        for (size_t j = 0; j < n; j++) {
            double left = p->row[j] - (p->sum[i] + p->sum[j]) / (double)(n - 1) + all;
            weighted += j != i ? left * left * p->spread[j] : 0;
        }
        variance += 2 * weighted * p->spread[i];
    }
    return variance;
}

struct filled_likeness filled_likeness_of(const float *kinship, const struct covariates *covariates,
                                          const struct permutation_scheme *scheme, const bool *is_filled,
                                          double least, double *workspace)
{
    size_t n = scheme->n;
    double *const arrays = workspace + covariates->c, observed, mean;
    struct pattern p = {arrays,         arrays + n,     arrays + 2 * n, arrays + 3 * n,
                        arrays + 4 * n, arrays + 5 * n, arrays + 6 * n, arrays + 7 * n};
    fill_shares(&p, scheme, is_filled);
    find_direction(&p, kinship, covariates, workspace);
    sum_pairs(&p, kinship, scheme, &observed, &mean);
    struct filled_likeness likeness = {.ratio = mean > 0 ? observed / mean : 1};
    if (likeness.ratio <= least)
        return likeness;
    double deviation = sqrt(variance_of_rows(&p, scheme) + variance_of_pairs(&p, kinship, n));
    likeness.z = deviation > 1e-9 * mean ? (observed - mean) / deviation : 0;
    return likeness;
}
