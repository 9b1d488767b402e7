/* The formats that can be read. */
#ifndef ARETE_INPUT_GENOTYPES_GENOTYPE_FORMATS_H
#define ARETE_INPUT_GENOTYPES_GENOTYPE_FORMATS_H

#include "input/genotypes/genotype_format.h"

/* NULL after the last. Where a name fits none, messages are those of the first. */
extern const struct genotype_format *const genotype_formats[];

#endif
