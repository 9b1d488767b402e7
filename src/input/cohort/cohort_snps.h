/* Which SNPs were selected: a step of cohort_load. */
#ifndef ARETE_INPUT_COHORT_COHORT_SNPS_H
#define ARETE_INPUT_COHORT_COHORT_SNPS_H

#include "input/cohort/cohort_build.h"

/* Logs what the selection dropped, and tells of what seems wrong: lists that do not fit, SNPs that stand
 * twice, chromosomes of which not everybody has two copies. A list that fits nothing, and no SNP left, are
 * errors. */
int cohort_snps_check(const struct cohort_build *build, struct error *err);

#endif
