#include "model/kinship/genotype.h"

#include <math.h>
#include <string.h>

enum { N_CALL_KINDS = GENOTYPE_CALL_KINDS, CALL_MISSING = 3 };

/* Counts calls 0, 1, 2, 3. In four histograms, so that equal calls in a row do not wait for each other's
 * increment. */
static void count_calls(const uint8_t *calls, size_t n, size_t count[N_CALL_KINDS])
{
    uint32_t part[4][N_CALL_KINDS] = {{0}};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++)
            part[k][calls[i + k]]++;
    for (; i < n; i++)
        part[0][calls[i]]++;
    for (size_t c = 0; c < N_CALL_KINDS; c++)
        count[c] = (size_t)part[0][c] + part[1][c] + part[2][c] + part[3][c];
}

/* Counts the rarer allele in whole numbers. Were it 1 - f, a frequency of exactly the limit might fail by
 * rounding (1 - 0.9 < 0.1). */
static double minor_frequency(const size_t count[N_CALL_KINDS], size_t present)
{
    size_t copies = count[1] + 2 * count[2], others = 2 * present - copies;
    return (double)(copies < others ? copies : others) / (double)(2 * present);
}

static double standard_deviation(enum genotype_scale scale, double mean, const size_t count[N_CALL_KINDS],
                                 double present)
{
    if (scale == GENOTYPE_SCALE_NONE)
        return 1;
    if (scale == GENOTYPE_SCALE_ALLELE_FREQUENCY)
        return sqrt(mean * (1 - mean / 2)); /* 2f(1-f) with mean = 2f */
    double squares = 0;
    for (int c = 0; c < CALL_MISSING; c++)
        squares += (double)count[c] * (c - mean) * (c - mean);
    return sqrt(squares / (present - 1));
}

/* What becomes of each kind of call of a SNP that is kept. */
struct values {
    double x[N_CALL_KINDS], weight[N_CALL_KINDS]; /* weight: in heterozygosity */
};

static struct values values_of(const struct genotype_calls *calls, enum genotype_scale scale)
{
    double mean = calls->mean, sd = standard_deviation(scale, mean, calls->count, (double)calls->present);
    return (struct values){{(0 - mean) / sd, (1 - mean) / sd, (2 - mean) / sd, 0}, {0, 1 / (sd * sd), 0, 0}};
}

static void standardise(const uint8_t *snp, size_t n, const struct values *values, double *row,
                        double *heterozygosity)
{
    for (size_t i = 0; i < n; i++) {
        row[i] = values->x[snp[i]];
        heterozygosity[i] += values->weight[snp[i]];
    }
}

static void standardise_single(const uint8_t *snp, size_t n, const struct values *values, float *row,
                               double *heterozygosity)
{
    float rounded[N_CALL_KINDS];
    for (int c = 0; c < N_CALL_KINDS; c++)
        rounded[c] = (float)values->x[c];
    for (size_t i = 0; i < n; i++) {
        row[i] = rounded[snp[i]];
        heterozygosity[i] += values->weight[snp[i]];
    }
}

enum genotype_fate genotype_judge(const uint8_t *snp, size_t n, const struct genotype_filter *filter,
                                  struct genotype_calls *found)
{
    *found = (struct genotype_calls){0};
    count_calls(snp, n, found->count);
    found->present = n - found->count[CALL_MISSING];
    if ((double)found->count[CALL_MISSING] / (double)n > filter->max_missing || found->present == 0)
        return GENOTYPE_MISSING;
    for (int c = 0; c < CALL_MISSING; c++)
        if (found->count[c] == found->present)
            return GENOTYPE_CONSTANT;
    if (minor_frequency(found->count, found->present) < filter->min_allele_frequency)
        return GENOTYPE_RARE;
    found->mean = (double)(found->count[1] + 2 * found->count[2]) / (double)found->present;
    return GENOTYPE_KEPT;
}

void genotype_count(struct genotype_counts *counts, enum genotype_fate fate)
{
    counts->n_kept += fate == GENOTYPE_KEPT;
    counts->n_missing += fate == GENOTYPE_MISSING;
    counts->n_constant += fate == GENOTYPE_CONSTANT;
    counts->n_rare += fate == GENOTYPE_RARE;
}

/* Into one of exact and single, the other of which is NULL. */
static void standardise_all(const uint8_t *calls, size_t count, size_t n,
                            const struct genotype_filter *filter, double *exact, float *single,
                            double *heterozygosity, struct genotype_counts *counts)
{
    *counts = (struct genotype_counts){0};
    memset(heterozygosity, 0, n * sizeof *heterozygosity);
    for (size_t k = 0; k < count; k++) {
        const uint8_t *snp = calls + k * n;
        struct genotype_calls found;
        enum genotype_fate fate = genotype_judge(snp, n, filter, &found);
        if (fate == GENOTYPE_KEPT) {
            struct values values = values_of(&found, filter->scale);
            if (single != NULL)
                standardise_single(snp, n, &values, single + counts->n_kept * n, heterozygosity);
            else
                standardise(snp, n, &values, exact + counts->n_kept * n, heterozygosity);
        }
        genotype_count(counts, fate);
    }
}

void genotype_standardise(const uint8_t *calls, size_t count, size_t n, const struct genotype_filter *filter,
                          double *x, double *heterozygosity, struct genotype_counts *counts)
{
    standardise_all(calls, count, n, filter, x, NULL, heterozygosity, counts);
}

void genotype_standardise_single(const uint8_t *calls, size_t count, size_t n,
                                 const struct genotype_filter *filter, float *x, double *heterozygosity,
                                 struct genotype_counts *counts)
{
    standardise_all(calls, count, n, filter, NULL, x, heterozygosity, counts);
}
