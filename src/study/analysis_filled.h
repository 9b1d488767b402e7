/* Targets whose missing values go with genotypes. */
#ifndef ARETE_STUDY_ANALYSIS_FILLED_H
#define ARETE_STUDY_ANALYSIS_FILLED_H

#include "study/analysis.h"

/* alike: T, all false: which targets have values of people who are clearly more alike in their genotypes than
 * as many at random. *ratio: the largest of their sums of K_ij^2 or, where SNPs are tested one by one, of the
 * tails of SNPs (model/univariate/filled_tails.h), over its mean under permutation; 0: there is none. Targets
 * that lack the same people count once. Needs gram, targets, covariates, scheme; genotypes, of which SNPs are
 * read where they are tested one by one. */
int analysis_filled_find(const struct analysis *analysis, bool *alike, double *ratio, struct error *err);

#endif
