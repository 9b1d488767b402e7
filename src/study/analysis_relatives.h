/* Who is related to whom in a study, and an unrelated part of its people. */
#ifndef ARETE_STUDY_ANALYSIS_RELATIVES_H
#define ARETE_STUDY_ANALYSIS_RELATIVES_H

#include "model/kinship/relatives.h"
#include "study/analysis.h"

/* Of the analysis's people, once K is there. Points into the analysis. */
struct relatives analysis_relatives(const struct analysis *analysis);

/* genotypes.max_relatedness: leaves out people until no pair of relatives is left; leaves the pairs and who
 * was left out in analysis->relatives. K, which everybody's frequencies went into, loses their rows and
 * columns. Does nothing without that key, or where it has been done. Needs cohort and gram, before the folds.
 */
int analysis_drop_relatives(struct analysis *analysis, struct error *err);

/* The same with a list of whom to leave out, "FID\tIID" each, from a campaign. The gram is not there yet. */
int analysis_drop_listed(struct analysis *analysis, char *const *listed, size_t count, struct error *err);

/* Adds every pair with r_ij > threshold to analysis->relatives. */
int analysis_list_relatives(struct analysis *analysis, double threshold, struct error *err);

#endif
