#include "study/analysis_sample.h"

#include "base/memory.h"
#include "model/univariate/snp_tile.h"
#include "study/choices.h"

#include <stdlib.h>

static const char what[] = "a sample of SNPs";

struct reading {
    struct snp_tile tile;
    uint8_t *calls;
    struct genotype_filter filter;
    size_t n_sampled; /* before any filter */
};

static int begin(struct reading *reading, const struct analysis *analysis, struct filled_sample *sample,
                 struct error *err)
{
    size_t n = analysis->cohort.n, all = analysis->cohort.genotypes.variants.count;
    struct snp_tile *tile = &reading->tile;
    reading->filter = choices_filter(&analysis->study.genotypes);
    reading->n_sampled = all < ANALYSIS_SAMPLED ? all : ANALYSIS_SAMPLED;
    reading->calls = memory_aligned(SNP_TILE * n, 1, what, err);
    tile->variant = memory_aligned(SNP_TILE, sizeof *tile->variant, what, err);
    tile->exact = memory_aligned(SNP_TILE * n, sizeof *tile->exact, what, err);
    tile->rounded = memory_aligned(SNP_TILE * n, sizeof *tile->rounded, what, err);
    tile->workspace = memory_aligned(SNP_TILE * analysis->covariates.c, sizeof *tile->workspace, what, err);
    sample->people = memory_aligned(n * reading->n_sampled, sizeof *sample->people, what, err);
    return err->code;
}

static void end(struct reading *reading)
{
    free(reading->calls);
    free(reading->tile.variant);
    free(reading->tile.exact);
    free(reading->tile.rounded);
    free(reading->tile.workspace);
}

/* SNPs first ... first+count-1 of the sample, into the tile. */
static int fill_tile(struct reading *reading, const struct analysis *analysis, size_t first, size_t count,
                     struct error *err)
{
    const struct genotypes *genotypes = &analysis->cohort.genotypes;
    struct snp_facts facts[SNP_TILE];
    for (size_t k = 0; k < count; k++) {
        size_t variant =
            (size_t)((double)(first + k) * (double)genotypes->variants.count / (double)reading->n_sampled);
        if (genotypes_read_calls(genotypes, variant, 1, reading->calls + k * analysis->cohort.n, err) != 0)
            return err->code;
    }
    snp_tile_fill(&reading->tile, &(struct snp_calls){reading->calls, first, count}, &analysis->covariates,
                  &reading->filter, facts);
    return 0;
}

/* From rows of n_sampled floats to rows of as many as there are. */
static void close_gaps(struct filled_sample *sample, size_t n, size_t n_sampled)
{
    for (size_t i = 0; sample->count < n_sampled && i < n; i++)
        for (size_t k = 0; k < sample->count; k++)
            sample->people[i * sample->count + k] = sample->people[i * n_sampled + k];
}

int analysis_sample_read(const struct analysis *analysis, struct filled_sample *sample, struct error *err)
{
    size_t n = analysis->cohort.n;
    struct reading reading = {0};
    *sample = (struct filled_sample){.n_tested = analysis->snps.n_kept};
    begin(&reading, analysis, sample, err);
    for (size_t first = 0; err->code == 0 && first < reading.n_sampled; first += SNP_TILE) {
        size_t left = reading.n_sampled - first;
        const struct snp_tile *tile = &reading.tile;
        if (fill_tile(&reading, analysis, first, left < SNP_TILE ? left : SNP_TILE, err) != 0)
            break;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < tile->n_rows; k++)
                sample->people[i * reading.n_sampled + sample->count + k] = tile->rounded[k * n + i];
        sample->count += tile->n_rows;
    }
    if (err->code == 0)
        close_gaps(sample, n, reading.n_sampled);
    end(&reading);
    return err->code;
}
