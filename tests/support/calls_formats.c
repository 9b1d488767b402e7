/* The program's table of formats with one line more. It stands in the way of src's own, which is then not
 * linked. */
#include "calls_format.h"

#include "input/genotypes/genotype_formats.h"
#include "input/genotypes/plink1.h"

const struct genotype_format *const genotype_formats[] = {
    &plink1_format,
    &calls_format,
    NULL,
};
