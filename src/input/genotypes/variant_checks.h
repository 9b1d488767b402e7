/* What may be wrong with the selected variants, and leaves no trace in the numbers. */
#ifndef ARETE_INPUT_GENOTYPES_VARIANT_CHECKS_H
#define ARETE_INPUT_GENOTYPES_VARIANT_CHECKS_H

#include "base/error.h"
#include "input/genotypes/variants.h"

#include <stddef.h>

/* Variants that stand twice: the same ID, chromosome ("chr" in front does not count), position and two
 * alleles, in either order. */
struct variant_repeats {
    size_t count;         /* of those that were there before */
    size_t first, second; /* an example */
};

/* Quick where positions go up within each chromosome and no chromosome stands in two places; else it takes 8
 * to 16 bytes a variant for the while. */
int variant_checks_repeats(const struct variants *variants, struct variant_repeats *repeats,
                           struct error *err);

/* How many are on chromosomes of which not everybody has two copies: X, Y, XY, MT; and 23 to 26, which PLINK
 * writes for these, where no chromosome has a higher number. *example is one of them. */
size_t variant_checks_sex_linked(const struct variants *variants, size_t *example);

#endif
