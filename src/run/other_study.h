/* The refusal to go on with a campaign that another study made. */
#ifndef ARETE_RUN_OTHER_STUDY_H
#define ARETE_RUN_OTHER_STUDY_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "study/analysis.h"

/* Sets the error: `what` differs ("folds, seed"), by which keys of the study file, with old and new values,
 * and which input files have changed; where none has, one that the other study does not read. Returns
 * EXIT_CODE_BAD_INPUT. */
int other_study_refuse(const struct analysis *analysis, const struct campaign *campaign, const char *what,
                       struct error *err);

/* Whether a file is as the campaign found it, by size and time. */
bool other_study_has_file(const struct campaign_file *file);

#endif
