/* Who is related to whom, whatever their ancestry, and the largest part of the people in which nobody is.
 *
 * K counts ancestry as kinship: with two ancestries every pair of one of them has K_ij well over 0. Here
 * relatedness is measured by distance against the heterozygosity of the two (KING-robust: Manichaikul et al.
 * 2010, Bioinformatics 26:2867), each SNP weighted as K weights it:
 *
 *     r_ij = 1 - (K_ii + K_jj - 2 K_ij)/(2 min(H_i, H_j)),   H_i = sum over SNPs of w_s^2 [g_is = 1] / p
 *
 * with w_s what K multiplies a centred call by. Unrelated people of one ancestry have r near 0, of different
 * ancestries under 0, siblings and parents .5, identical twins 1: twice the kinship coefficient. Taking the
 * leading components of K out instead would take large families for ancestries. */
#ifndef ARETE_MODEL_KINSHIP_RELATIVES_H
#define ARETE_MODEL_KINSHIP_RELATIVES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What relatedness follows from; neither array is owned. */
struct relatives {
    size_t n;
    const double *gram; /* n x n: K */
    const double
        *heterozygosity; /* n: H; NULL where it is not known (K of older campaigns): then r_ij is K_ij */
};

/* r_ij. */
double relatives_between(const struct relatives *relatives, size_t i, size_t j);

/* Adds to count[b] the pairs with r_ij from low + b step to low + (b + 1) step, b < n_bins; what lies outside
 * counts in the first or last. */
void relatives_count(const struct relatives *relatives, double low, double step, size_t n_bins,
                     int64_t *count);

struct relative_pair {
    uint32_t first, second; /* subjects, first < second */
    float relatedness;
};

/* Every pair with r_ij > threshold, in the order of (first, second); the caller's to free. NULL and *count =
 * 0 where there is none. */
int relatives_pairs(const struct relatives *relatives, double threshold, struct relative_pair **pairs,
                    size_t *count, struct error *err);

/* `threshold`, or what r_ij of strangers may reach by chance with so few SNPs where that is more: the largest
 * of so many pairs lies sqrt(2 ln(pairs)) standard deviations above 0. One SNP adds w^2 to r_ij where both
 * have one copy, takes 2 w^2 where they have two and none, and so has the variance 3 among strangers at any
 * allele frequency (simulated, 120 to 1,000 people: the largest came to .55 to .95 of this, because the
 * smaller of two H pulls down). K_ij has the variance 1, but rare SNPs give it longer tails. */
double relatives_least(const struct relatives *relatives, size_t n_snps, double threshold);

/* What strangers reach by chance as relatedness spreads here, whatever the number of SNPs: sqrt(2 ln(pairs))
 * standard deviations, of which one is taken to lie between the 84.1th and the 97.7th percentile of r_ij (the
 * normal distribution's). Not from the lower half, which other ancestries widen, nor from the highest, which
 * relatives do. With SNPs in linkage, which count for fewer, it is over what relatives_least() says; with
 * people of mixed ancestry, or who are all distantly related, as well: then it is too much. */
struct relatives_chance {
    double reach;
    double effective_snps; /* independent SNPs with which relatedness of strangers would spread as here */
};
int relatives_chance(const struct relatives *relatives, struct relatives_chance *chance, struct error *err);

/* Marks people to keep so that no pair is left: again and again who has most relatives left is dropped, of
 * several the last (plink2 --king-cutoff does the like). kept[n]; returns how many are dropped in *n_dropped.
 */
int relatives_unrelated(const struct relative_pair *pairs, size_t count, size_t n, bool *kept,
                        size_t *n_dropped, struct error *err);

#endif
