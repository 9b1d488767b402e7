/* A few thousand of a study's SNPs, evenly spaced, as the mass-univariate model takes them. */
#ifndef ARETE_STUDY_ANALYSIS_SAMPLE_H
#define ARETE_STUDY_ANALYSIS_SAMPLE_H

#include "model/univariate/filled_tails.h"
#include "study/analysis.h"

/* All, where there are fewer. */
enum { ANALYSIS_SAMPLED = 2048 };

/* Reads calls. Those that the filters or the covariates leave out are not in it. Needs cohort, covariates,
 * snps. The caller frees sample->people. */
int analysis_sample_read(const struct analysis *analysis, struct filled_sample *sample, struct error *err);

#endif
