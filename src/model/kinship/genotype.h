/* From calls to standardised genotypes: quality filters, missing calls set to the mean, scale. With g the
 * number of copies of allele 1 and f its frequency: x = (g - 2f) / sqrt(2f (1 - f)). */
#ifndef ARETE_MODEL_KINSHIP_GENOTYPE_H
#define ARETE_MODEL_KINSHIP_GENOTYPE_H

#include <stddef.h>
#include <stdint.h>

enum genotype_scale {
    GENOTYPE_SCALE_ALLELE_FREQUENCY, /* divide by sqrt(2f(1-f)) */
    GENOTYPE_SCALE_SAMPLE, /* divide by the standard deviation of the calls present (divisor: calls - 1) */
    GENOTYPE_SCALE_NONE    /* centre only */
};

struct genotype_filter {
    double min_allele_frequency; /* of the rarer allele, among the calls present */
    double max_missing;          /* share of the subjects without a call */
    enum genotype_scale scale;
};

/* What became of the SNPs. One that is dropped counts at the first filter that it fails, in this order: too
 * many missing calls, no variation, a rare allele. */
struct genotype_counts {
    size_t n_kept, n_missing, n_constant, n_rare;
};

/* The same of one SNP. */
enum genotype_fate { GENOTYPE_KEPT, GENOTYPE_MISSING, GENOTYPE_CONSTANT, GENOTYPE_RARE };

/* A SNP's calls counted by kind: 0, 1, 2 copies of allele 1, missing. */
enum { GENOTYPE_CALL_KINDS = 4 };
struct genotype_calls {
    size_t count[GENOTYPE_CALL_KINDS], present;
    double mean; /* copies of allele 1 in a call that is there; 0 unless the SNP is kept */
};

/* Counts the n calls of one SNP and says which filter drops it, if any. */
enum genotype_fate genotype_judge(const uint8_t *snp, size_t n, const struct genotype_filter *filter,
                                  struct genotype_calls *found);
/* Adds a SNP to the counts. */
void genotype_count(struct genotype_counts *counts, enum genotype_fate fate);

/* Filters and standardises `count` SNPs of n subjects. calls: count x n, row-major; 0, 1 or 2 copies of
 * allele 1, 3 = missing. The SNPs that are kept are written to x one after the other, counts->n_kept x n,
 * row-major; a missing call becomes 0, the SNP's mean. heterozygosity: n, of each subject the sum of w^2 over
 * the SNPs that are kept and where it has one copy, w being what x multiplies g - 2f by (relatives.h). */
void genotype_standardise(const uint8_t *calls, size_t count, size_t n, const struct genotype_filter *filter,
                          double *x, double *heterozygosity, struct genotype_counts *counts);
/* The same, with x rounded. */
void genotype_standardise_single(const uint8_t *calls, size_t count, size_t n,
                                 const struct genotype_filter *filter, float *x, double *heterozygosity,
                                 struct genotype_counts *counts);

#endif
