/* A genotype format for tests alone: one text file NAME.calls that holds subjects, variants and calls. Its
 * first line is "id chromosome position counted other" and FID:IID of every subject; every other line is a
 * variant and its calls: copies of the counted allele, or a dot for a missing one. */
#ifndef ARETE_TEST_CALLS_FORMAT_H
#define ARETE_TEST_CALLS_FORMAT_H

#include "input/genotypes/genotype_format.h"

extern const struct genotype_format calls_format;

#endif
