/* SNPs as the mass-univariate model sees them: residuals on the covariates, of length 1.
 *
 * With Z the covariates and g the copies of allele 1 of everybody, a missing call its SNP's mean, the
 * coefficient of g in y ~ Z + g is that of g's residual in y's residual (Frisch and Waugh 1933). So
 *
 *     x = residual of g on Z, over its length |x|;  y likewise;  r = x'y;  t = r sqrt(d/(1 - r^2)), d = n - c
 * - 1 beta = r |y|/|x|,  standard error = sqrt((1 - r^2)/d) |y|/|x| */
#ifndef ARETE_MODEL_UNIVARIATE_SNP_TILE_H
#define ARETE_MODEL_UNIVARIATE_SNP_TILE_H

#include "model/kinship/genotype.h"
#include "model/ridge/covariates.h"

#include <stddef.h>
#include <stdint.h>

enum { SNP_TILE = 512 }; /* SNPs of a tile: its products' shape, and so a result's last bits, depend on it */

/* What is kept of every variant, tested or not. */
struct snp_facts {
    double mean;      /* copies of allele 1 */
    double length;    /* |x| before it became 1, in copies; 0 = not tested */
    uint32_t n_calls; /* not missing */
};

/* What became of SNPs: the filters, and of those that passed them the ones of which covariates leave nothing.
 */
struct snp_counts {
    struct genotype_counts filtered;
    size_t n_explained;
};

/* Arrays are the caller's. */
struct snp_tile {
    size_t n_rows;     /* tested SNPs */
    uint32_t *variant; /* SNP_TILE: number of each row's variant */
    double *exact;     /* SNP_TILE x n, row-major */
    float *rounded;    /* the same */
    double *workspace; /* SNP_TILE x c */
    struct snp_counts counts;
};

struct snp_calls {
    const uint8_t *calls; /* count x n, row-major: 0, 1, 2 copies of allele 1, 3 = missing */
    size_t first, count;  /* variants first ... first+count-1, count <= SNP_TILE */
};

/* Fills the tile (but for n_rows, its arrays are uninitialised before) and facts[0 ... count-1]. A SNP is
 * explained by the covariates when at most 1e-10 of its variance is left beyond them. */
void snp_tile_fill(struct snp_tile *tile, const struct snp_calls *calls, const struct covariates *covariates,
                   const struct genotype_filter *filter, struct snp_facts *facts);

void snp_counts_add(struct snp_counts *total, const struct snp_counts *part);

#endif
