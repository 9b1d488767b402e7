/* A small study for the tests of this room: genotypes, covariates with two sites, folds, targets. */
#ifndef ARETE_TEST_MODEL_EXAMPLE_H
#define ARETE_TEST_MODEL_EXAMPLE_H

#include "base/memory.h"
#include "model/blas/blas_check.h"
#include "model/kinship/gram.h"
#include "model/ridge/baseline.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"
#include "model/ridge/operators.h"
#include "model/ridge/svd.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLE_N = 66, EXAMPLE_SNPS = 150, EXAMPLE_TARGETS = 7, EXAMPLE_OUTER = 4, EXAMPLE_INNER = 3 };

/* Nearly normal numbers (sums of twelve uniform ones) from splitmix64: nothing of what is tested. */
static inline double example_normal(uint64_t *state)
{
    double sum = -6;
    for (int k = 0; k < 12; k++) {
        uint64_t z = *state += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        sum += (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
    }
    return sum;
}

static inline double *example_doubles(size_t count)
{
    struct error err = {0};
    double *values = memory_aligned(count, sizeof *values, "a test", &err);
    if (values == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        values[i] = NAN; /* nobody may rely on what stands there */
    return values;
}

static inline double *example_normals(size_t count, uint64_t seed)
{
    double *values = example_doubles(count);
    for (size_t i = 0; i < count; i++)
        values[i] = example_normal(&seed);
    return values;
}

static inline float *example_rounded(const double *values, size_t count)
{
    struct error err = {0};
    float *rounded = memory_aligned(count, sizeof *rounded, "a test", &err);
    if (rounded == NULL)
        abort();
    operators_round(values, count, rounded);
    return rounded;
}

/* to (rows x columns) = A B, or A' B where `transposed` (A is then depth x rows); plain loops. */
static inline double *example_product(const double *a, const double *b, size_t rows, size_t depth,
                                      size_t columns, bool transposed)
{
    double *to = example_doubles(rows * columns);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum = 0;
            for (size_t k = 0; k < depth; k++)
                sum += (transposed ? a[k * rows + i] : a[i * depth + k]) * b[k * columns + j];
            to[i * columns + j] = sum;
        }
    return to;
}

/* The largest distance of `found` from `expected`; NaN when there is one. */
static inline double example_distance(const double *found, const double *expected, size_t count)
{
    double worst = 0;
    for (size_t i = 0; i < count; i++) {
        double distance = fabs(found[i] - expected[i]);
        worst = distance > worst || isnan(distance) ? distance : worst;
    }
    return worst;
}

static inline double example_distance_from_identity(const double *found, size_t n)
{
    double worst = 0;
    for (size_t i = 0; i < n * n; i++) {
        double distance = fabs(found[i] - (i % (n + 1) == 0));
        worst = distance > worst || isnan(distance) ? distance : worst;
    }
    return worst;
}

/* K of random genotypes (SNPs x subjects, normal instead of 0/1/2), by plain loops. */
static inline double *example_gram(size_t n, size_t p, uint64_t seed)
{
    double *x = example_normals(p * n, seed), *gram = example_product(x, x, n, p, n, true);
    for (size_t i = 0; i < n * n; i++)
        gram[i] /= (double)p;
    free(x);
    return gram;
}

struct example {
    size_t n;
    double *gram;    /* n x n */
    double *targets; /* n x EXAMPLE_TARGETS: residuals on the covariates */
    struct covariates covariates;
    struct folds folds;
    struct svd svd;
};

/* Covariates: 1, age, site. Where lost_site, the second site is the last five subjects of outer fold 1, kept
 * together in the inner folds: deleting outer fold 1, or one inner fold beside each other one, loses the
 * site. Otherwise sites are mixed. */
static inline void example_init(struct example *example, bool lost_site)
{
    struct error err = {0};
    enum { N = EXAMPLE_N, T = EXAMPLE_TARGETS };
    *example = (struct example){.n = N};
    blas_check_single_thread();
    int32_t outer[N], group[N];
    size_t end_of_site = 0;
    for (size_t i = 0; i < N; i++) {
        outer[i] = (int32_t)(i * EXAMPLE_OUTER / N);
        end_of_site = outer[i] == 1 ? i + 1 : end_of_site;
    }
    double *design = example_normals(N * 3, 17);
    for (size_t i = 0; i < N; i++) {
        design[3 * i] = 1;
        design[3 * i + 1] = 40 + 10 * design[3 * i + 1];
        bool in_site = lost_site ? i + 5 >= end_of_site && i < end_of_site : i % 3 == 0;
        design[3 * i + 2] = in_site;
        group[i] = lost_site && in_site ? N : (int32_t)i;
    }
    bool kept[3];
    CU_ASSERT_EQUAL_FATAL(covariates_init(&example->covariates, design, N, 3, kept, &err), 0);
    CU_ASSERT_EQUAL_FATAL(example->covariates.c, 3);
    CU_ASSERT_EQUAL_FATAL(folds_init(&example->folds, &(struct folds_outer){outer, group, N, EXAMPLE_OUTER},
                                     EXAMPLE_INNER, 5, &err),
                          0);
    example->gram = example_gram(N, EXAMPLE_SNPS, 23);
    example->targets = example_normals(N * T, 31);
    double workspace[3 * T];
    covariates_residualise(&example->covariates, example->targets, T, workspace);
    CU_ASSERT_EQUAL_FATAL(svd_init(&example->svd, N, 3, &err), 0);
    CU_ASSERT_EQUAL_FATAL(svd_compute(&example->svd, example->gram, &example->covariates, &err), 0);
    free(design);
}

static inline void example_free(struct example *example)
{
    free(example->gram);
    free(example->targets);
    covariates_free(&example->covariates);
    folds_free(&example->folds);
    svd_free(&example->svd);
}

/* P(penalty), in one tile. */
static inline double *example_operator(const struct example *example, double penalty)
{
    size_t n = example->n;
    double *p = example_doubles(n * n), *workspace = example_doubles(example->svd.rank * n);
    operators_tile(&example->svd, penalty, &(struct operators_block){0, n, 0, n}, workspace, p);
    free(workspace);
    return p;
}

/* The operators of one outer fold, and where they stand; the caller frees both. */
static inline double *example_fold(const struct example *example, const double *p, size_t outer_fold,
                                   struct operator_layout *layout)
{
    struct error err = {0};
    struct lost_directions lost;
    CU_ASSERT_EQUAL_FATAL(operator_layout_init(layout, &example->folds.rows[outer_fold], EXAMPLE_INNER, &err),
                          0);
    CU_ASSERT_EQUAL_FATAL(
        lost_directions_init(&lost, &example->covariates, &example->folds, outer_fold, &err), 0);
    double *operators = example_doubles(layout->count);
    for (size_t i = 0; i < layout->count; i++)
        operators[i] = 0; /* the gaps between blocks are rounded too */
    CU_ASSERT_EQUAL_FATAL(operators_fold(p, &example->folds, outer_fold, layout, &lost, operators, &err), 0);
    lost_directions_free(&lost, EXAMPLE_INNER);
    return operators;
}

#endif
