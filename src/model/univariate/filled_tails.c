#include "model/univariate/filled_tails.h"

#include "base/memory.h"
#include "model/univariate/student.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char what[] = "SNPs of those who have a value";

/* The residual of a target with this pattern is any vector over those who have a value that is orthogonal to
 * what the covariates are there: `rank` rows of `own`, orthonormal. Permuted, it and these change places. */
struct pattern {
    const struct filled_sample *sample;
    const struct covariates *covariates;
    const struct permutation_scheme *scheme;
    const bool *is_filled;
    double threshold; /* u^2 */
    size_t rank, degrees;
    double *own, *placed;       /* c x n: of people's own, and where a permutation puts them */
    float *rounded, *explained; /* c x n: placed; c x count: what the rows have of each SNP */
    double *left, *product;     /* count: v; c x c */
    uint32_t *order, *workspace;
};

/* Gram-Schmidt, twice over. A direction that the covariates lose without the others is none. */
static void find_own(struct pattern *pattern)
{
    const double least = 1e-5; /* of a column of length 1 */
    size_t n = pattern->covariates->n, c = pattern->covariates->c, n_values = 0;
    for (size_t i = 0; i < n; i++)
        n_values += !pattern->is_filled[i];
    for (size_t k = 0; k < c; k++) {
        double *row = pattern->own + pattern->rank * n;
        for (size_t i = 0; i < n; i++)
            row[i] = pattern->is_filled[i] ? 0 : pattern->covariates->basis[i * c + k];
        for (size_t j = 0; j < 2 * pattern->rank; j++) {
            const double *other = pattern->own + j % pattern->rank * n;
            cblas_daxpy((int)n, -cblas_ddot((int)n, row, 1, other, 1), other, 1, row, 1);
        }
        double length = cblas_dnrm2((int)n, row, 1);
        if (length > least) {
            cblas_dscal((int)n, 1 / length, row, 1);
            pattern->rank++;
        }
    }
    pattern->degrees = n_values > pattern->rank ? n_values - pattern->rank : 0;
}

/* The share of such a residual that is beyond the covariates where the permutation puts it, on average: by
 * that its length falls short when it is residualised again. */
static double share_left(const struct pattern *pattern)
{
    const struct covariates *covariates = pattern->covariates;
    size_t n = covariates->n, c = covariates->c;
    double inside = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; !pattern->is_filled[pattern->order[i]] && k < c; k++)
            inside += covariates->basis[i * c + k] * covariates->basis[i * c + k];
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)pattern->rank, (int)c, (int)n, 1,
                pattern->placed, (int)n, covariates->basis, (int)c, 0, pattern->product, (int)c);
    double own = cblas_ddot((int)(pattern->rank * c), pattern->product, 1, pattern->product, 1);
    return 1 - (inside - own) / (double)pattern->degrees;
}

/* left[k] = |x_k|^2 among those who have a value then, less what the placed rows have of it. */
static void find_left(struct pattern *pattern)
{
    const struct filled_sample *sample = pattern->sample;
    size_t n = pattern->covariates->n, count = sample->count, rank = pattern->rank;
    memset(pattern->left, 0, count * sizeof *pattern->left);
    for (size_t i = 0; i < n; i++) {
        const float *person = sample->people + i * count;
        for (size_t k = 0; !pattern->is_filled[pattern->order[i]] && k < count; k++)
            pattern->left[k] += (double)person[k] * (double)person[k];
    }
    if (rank == 0)
        return;
    for (size_t j = 0; j < rank * n; j++)
        pattern->rounded[j] = (float)pattern->placed[j];
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rank, (int)count, (int)n, 1, pattern->rounded,
                (int)n, sample->people, (int)count, 0, pattern->explained, (int)count);
    for (size_t j = 0; j < rank; j++)
        for (size_t k = 0; k < count; k++) {
            double part = (double)pattern->explained[j * count + k];
            pattern->left[k] -= part * part;
        }
}

/* The logarithm of the sum, under permutation `number`; 0 is the data as they are. */
static double log_tails(struct pattern *pattern, uint64_t number)
{
    size_t n = pattern->covariates->n, c = pattern->covariates->c;
    permutation_draw(pattern->scheme, number, pattern->order, pattern->workspace);
    for (size_t j = 0; j < pattern->rank; j++)
        for (size_t i = 0; i < n; i++)
            pattern->placed[j * n + i] = pattern->own[j * n + pattern->order[i]];
    find_left(pattern);
    double unit = (double)(n - c) / ((double)pattern->degrees * share_left(pattern)), sum = 0;
    for (size_t k = 0; k < pattern->sample->count; k++)
        if (pattern->left[k] > 0)
            sum += erfc(sqrt(pattern->threshold / (2 * unit * pattern->left[k])));
    return log(sum);
}

/* Student's t as a normal number (Abramowitz and Stegun 26.7.8). */
static double as_normal(double t, double degrees)
{
    return t * (1 - 1 / (4 * degrees)) / sqrt(1 + t * t / (2 * degrees));
}

static void compare(struct pattern *pattern, double least, struct filled_tails *tails)
{
    const double least_deviation = 1e-9;
    double draws[FILLED_TAILS_ALL], observed = log_tails(pattern, 0), whole = 0, mean = 0, squares = 0;
    for (int k = 0; k < FILLED_TAILS_ALL; k++) {
        draws[k] = log_tails(pattern, (uint64_t)k + 1);
        whole += exp(draws[k] - observed);
        mean += draws[k] / FILLED_TAILS_ALL;
        tails->ratio = (k + 1) / whole;
        if (k + 1 == FILLED_TAILS_FIRST && !(tails->ratio > least))
            break;
    }
    if (!isfinite(tails->ratio))
        tails->ratio = 1; /* sums are 0: SNPs do not tell */
    if (!(tails->ratio > least))
        return;
    for (int k = 0; k < FILLED_TAILS_ALL; k++)
        squares += (draws[k] - mean) * (draws[k] - mean);
    double deviation = sqrt(squares / (FILLED_TAILS_ALL - 1) * (1 + 1.0 / FILLED_TAILS_ALL));
    if (deviation > least_deviation)
        tails->z = as_normal((observed - mean) / deviation, FILLED_TAILS_ALL - 1);
}

static int allocate(struct pattern *pattern, struct error *err)
{
    size_t n = pattern->covariates->n, c = pattern->covariates->c, count = pattern->sample->count;
    pattern->own = memory_aligned(c * n, sizeof *pattern->own, what, err);
    pattern->placed = memory_aligned(c * n, sizeof *pattern->placed, what, err);
    pattern->rounded = memory_aligned(c * n, sizeof *pattern->rounded, what, err);
    pattern->explained = memory_aligned(c * count, sizeof *pattern->explained, what, err);
    pattern->left = memory_aligned(count, sizeof *pattern->left, what, err);
    pattern->product = memory_aligned(c * c, sizeof *pattern->product, what, err);
    pattern->order = memory_aligned(n, sizeof *pattern->order, what, err);
    pattern->workspace = memory_aligned(n, sizeof *pattern->workspace, what, err);
    return err->code;
}

static void release(struct pattern *pattern)
{
    free(pattern->own);
    free(pattern->placed);
    free(pattern->rounded);
    free(pattern->explained);
    free(pattern->left);
    free(pattern->product);
    free(pattern->order);
    free(pattern->workspace);
}

int filled_tails_of(struct filled_tails *tails, const struct filled_sample *sample,
                    const struct covariates *covariates, const struct permutation_scheme *scheme,
                    const bool *is_filled, double least, struct error *err)
{
    struct pattern pattern = {
        .sample = sample, .covariates = covariates, .scheme = scheme, .is_filled = is_filled};
    *tails = (struct filled_tails){.ratio = 1};
    if (sample->count == 0)
        return 0;
    pattern.threshold = student_chi_square(log(0.05 / (double)sample->n_tested));
    if (allocate(&pattern, err) == 0) {
        find_own(&pattern);
        if (pattern.degrees > 0)
            compare(&pattern, least, tails);
    }
    release(&pattern);
    return err->code;
}
