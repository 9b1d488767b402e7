/* A tile of SNPs by a strip of targets: correlations by one product in float32, looked through while they are
 * in the cache. What may be a hit or a target's best is computed again in double, so that single precision
 * decides nothing that is reported, but for lambda_GC. */
#ifndef ARETE_MODEL_UNIVARIATE_PAIR_SCAN_H
#define ARETE_MODEL_UNIVARIATE_PAIR_SCAN_H

#include "base/error.h"
#include "model/univariate/associations.h"
#include "model/univariate/snp_tile.h"

#include <stddef.h>

/* Targets of a strip: its SNP_TILE x PAIR_STRIP products stay in the second cache. */
enum { PAIR_STRIP = 256 };

/* A correlation in float32 is off by less than this (unit vectors; seen: 3e-7 at n = 100,000 and 1,000,000,
 * rare alleles and outliers among them). */
#define PAIR_SCAN_ERROR 4e-6

/* Targets as residuals of length 1, a target's values side by side. The caller's. */
struct pair_targets {
    size_t n, count;
    const float *rounded; /* T x n */
    const double *exact;  /* T x n */
    double degrees;       /* n - c - 1 */
    double log_report_p;
    double least;  /* the |r| from which on a pair is reported */
    size_t sample; /* every so many-th variant counts for lambda_GC */
};

/* Targets first ... first+count-1, count <= PAIR_STRIP. products: SNP_TILE x PAIR_STRIP floats. */
struct pair_strip {
    size_t first, count;
    float *products;
};

int pair_scan_strip(const struct snp_tile *tile, const struct pair_targets *targets,
                    const struct pair_strip *strip, struct associations *into, struct error *err);

/* x'y in double: a row of a tile and a target. */
double pair_scan_exact(const struct snp_tile *tile, size_t row, const struct pair_targets *targets,
                       size_t target);

#endif
