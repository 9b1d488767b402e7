/* Nothing but the table: tests bring one of their own. */
#include "input/genotypes/genotype_formats.h"

#include "input/genotypes/plink1.h"

const struct genotype_format *const genotype_formats[] = {
    &plink1_format,
    NULL,
};
