#include "model/univariate/snp_tile.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* A share of the variance that is no more than rounding. */
static const double least_left = 1e-10;

/* Rows of those that pass the filters, their means taken out; facts->length is that of these rows. */
static void centre(struct snp_tile *tile, const struct snp_calls *calls, size_t n,
                   const struct genotype_filter *filter, struct snp_facts *facts)
{
    for (size_t k = 0; k < calls->count; k++) {
        const uint8_t *snp = calls->calls + k * n;
        struct genotype_calls found;
        enum genotype_fate fate = genotype_judge(snp, n, filter, &found);
        genotype_count(&tile->counts.filtered, fate);
        facts[k] = (struct snp_facts){.mean = found.mean, .n_calls = (uint32_t)found.present};
        if (fate != GENOTYPE_KEPT)
            continue;
        const double value[GENOTYPE_CALL_KINDS] = {-found.mean, 1 - found.mean, 2 - found.mean, 0};
        double *row = tile->exact + tile->n_rows * n;
        for (size_t i = 0; i < n; i++)
            row[i] = value[snp[i]];
        facts[k].length = cblas_dnrm2((int)n, row, 1);
        tile->variant[tile->n_rows++] = (uint32_t)(calls->first + k);
    }
}

/* x - (x Qz) Qz', twice: the second time removes the rounding of the first. */
static void residualise(const struct snp_tile *tile, const struct covariates *covariates)
{
    int rows = (int)tile->n_rows, n = (int)covariates->n, c = (int)covariates->c;
    for (int pass = 0; pass < 2; pass++) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, c, n, 1, tile->exact, n,
                    covariates->basis, c, 0, tile->workspace, c);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, n, c, -1, tile->workspace, c,
                    covariates->basis, c, 1, tile->exact, n);
    }
}

/* Scales rows to length 1; those of which nothing is left are closed up. */
static void scale(struct snp_tile *tile, size_t n, size_t first, struct snp_facts *facts)
{
    size_t kept = 0;
    for (size_t k = 0; k < tile->n_rows; k++) {
        struct snp_facts *fact = &facts[tile->variant[k] - first];
        const double *from = tile->exact + k * n;
        double *to = tile->exact + kept * n;
        double length = cblas_dnrm2((int)n, from, 1);
        if (!(length * length > least_left * fact->length * fact->length)) {
            fact->length = 0;
            tile->counts.n_explained++;
            continue;
        }
        fact->length = length;
        for (size_t i = 0; i < n; i++) {
            to[i] = from[i] / length;
            tile->rounded[kept * n + i] = (float)to[i];
        }
        tile->variant[kept++] = tile->variant[k];
    }
    tile->n_rows = kept;
}

void snp_tile_fill(struct snp_tile *tile, const struct snp_calls *calls, const struct covariates *covariates,
                   const struct genotype_filter *filter, struct snp_facts *facts)
{
    tile->n_rows = 0;
    tile->counts = (struct snp_counts){0};
    centre(tile, calls, covariates->n, filter, facts);
    if (tile->n_rows > 0)
        residualise(tile, covariates);
    scale(tile, covariates->n, calls->first, facts);
}

void snp_counts_add(struct snp_counts *total, const struct snp_counts *part)
{
    total->filtered.n_kept += part->filtered.n_kept;
    total->filtered.n_missing += part->filtered.n_missing;
    total->filtered.n_constant += part->filtered.n_constant;
    total->filtered.n_rare += part->filtered.n_rare;
    total->n_explained += part->n_explained;
}
