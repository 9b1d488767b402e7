#include "planning/cost_svd.h"

#include "base/memory.h"
#include "model/ridge/svd.h"
#include "planning/cost_sample.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

/* dsyevd first reduces the matrix to tridiagonal form. Half of that is matrix-vector products, which read
 * what is left of the matrix each time; their speed depends on the cache that it fits into. They are measured
 * at the study's size, up to MOST_ROWS. The rest takes n^3 flops at the rate of other products, and is
 * measured on an SVD of SMALL_ROWS. */
enum { MOST_ROWS = 3000, SMALL_ROWS = 1000, TIMES = 3 };

static const char purpose[] = "measuring speed";

/* Seconds of dsymv over the square of `rows`, with the first `rows` rows of the matrix. */
static double vector_product_s(const double *matrix, int rows, double *vectors)
{
    double start = 0;
    for (int t = 0; t <= TIMES; t++) {
        if (t == 1)
            start = cost_sample_seconds();
        cblas_dsymv(CblasColMajor, CblasLower, rows, 1, matrix, rows, vectors, 1, 0, vectors + rows, 1);
    }
    return (cost_sample_seconds() - start) / TIMES / rows / rows;
}

/* Seconds of svd_compute on a matrix of `rows` rows. */
static int small_svd_s(const double *matrix, size_t rows, double *seconds, struct error *err)
{
    struct covariates covariates = {0};
    struct svd svd = {0};
    bool kept;
    double *ones = memory_aligned(rows, sizeof *ones, purpose, err);
    for (size_t i = 0; ones != NULL && i < rows; i++)
        ones[i] = 1;
    if (ones != NULL && covariates_init(&covariates, ones, rows, 1, &kept, err) == 0 &&
        svd_init(&svd, rows, 1, err) == 0) {
        double start = cost_sample_seconds();
        svd_compute(&svd, matrix, &covariates, err);
        *seconds = cost_sample_seconds() - start;
    }
    svd_free(&svd);
    covariates_free(&covariates);
    free(ones);
    return err->code;
}

int cost_svd_measure(struct cost_rates *rates, const struct cost_shape *shape, struct error *err)
{
    size_t rows = (size_t)fmin(shape->n, MOST_ROWS), small = rows < SMALL_ROWS ? rows : SMALL_ROWS;
    double *matrix = memory_aligned(rows * rows, sizeof *matrix, purpose, err);
    double *vectors = memory_zeroed(2 * rows, sizeof *vectors, purpose, err);
    double seconds = 0;
    if (matrix != NULL && vectors != NULL) {
        cost_sample_fill_positive(matrix, small);
        if (small_svd_s(matrix, small, &seconds, err) == 0) {
            double cube = shape->n * shape->n * shape->n, small_cube = pow((double)small, 3);
            double reduced = vector_product_s(matrix, (int)small, vectors) / 3;
            double rest = fmax(seconds / small_cube - reduced, 0);
            cost_sample_fill_positive(matrix, rows);
            reduced = vector_product_s(matrix, (int)rows, vectors) / 3;
            rates->svd_s = (reduced + rest) * cube;
            /* Genetic components are the reduction alone; its other half is products. */
            if (shape->n_genetic_pcs > 0)
                rates->components_s = (reduced + 2.0 / 3 / rates->product_double) * cube;
        }
    }
    free(matrix);
    free(vectors);
    return err->code;
}
