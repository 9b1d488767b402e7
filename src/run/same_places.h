/* Whether the targets of images lie where the campaign that is gone on with has them: its tables and its
 * report name those places, and maps are written by the images' own. */
#ifndef ARETE_RUN_SAME_PLACES_H
#define ARETE_RUN_SAME_PLACES_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "study/analysis.h"

/* The grid, within targets.grid_tolerance_mm, the code of its space, and which voxels are whose; of a
 * campaign that keeps none of it, where targets lie, if it keeps that. After the targets were found to be
 * those of the campaign. EXIT_CODE_BAD_INPUT: they lie elsewhere; the message says what differs. */
int same_places_check(const struct analysis *analysis, const struct campaign *campaign, struct error *err);

#endif
