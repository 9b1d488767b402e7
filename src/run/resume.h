/* Going on with a campaign: whether it is the same study, what need not be read or computed again, room for
 * more permutations. */
#ifndef ARETE_RUN_RESUME_H
#define ARETE_RUN_RESUME_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "study/analysis.h"

/* Loads the cohort of a study whose campaign is there. The calls and images are not read again where the
 * study file asks for the same and no file has changed its size or time since. */
int resume_load_cohort(struct analysis *analysis, const struct campaign *campaign, struct error *err);

/* Where the study leaves a choice to `auto`, what the campaign was begun with: for what is computed before
 * resume_check, as K of arete associate. */
void resume_take_choices(struct study *study, const struct campaign *campaign);

/* position[i] = where subject i of the analysis stands in the campaign. Subjects the campaign does not have:
 * refused as a change of subjects. */
int resume_find_subjects(const struct analysis *analysis, const struct campaign *campaign, size_t *position,
                         struct error *err);

/* K from the campaign, which then has it no longer, in the order of the analysis's subjects. Subjects the
 * campaign does not have: refused as a change of subjects. */
int resume_take_gram(struct analysis *analysis, struct campaign *campaign, struct error *err);

/* Refuses (EXIT_CODE_BAD_INPUT) a study that is another one than the campaign's, naming everything that
 * changed, or that asks in so many words for what the campaign was not begun with; and (EXIT_CODE_FAILED) a
 * campaign that has the study's fingerprints and not what they stand for (held_against.h). Says in the log (a
 * warning) when the BLAS kernels are others. */
int resume_check(const struct analysis *analysis, const struct campaign *campaign, const char *campaign_path,
                 struct error *err);

/* Design, penalties and residuals, which the campaign then has no longer: other BLAS kernels may have rounded
 * those of the analysis otherwise (and turned genetic PCs). Leaves the design's basis in the campaign, which
 * is not in its file. After resume_check. */
int resume_take_numbers(struct analysis *analysis, struct campaign *campaign, struct error *err);

#endif
