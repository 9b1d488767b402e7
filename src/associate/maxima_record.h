/* What associations.h5 keeps: the campaign of a univariate model. */
#ifndef ARETE_ASSOCIATE_MAXIMA_RECORD_H
#define ARETE_ASSOCIATE_MAXIMA_RECORD_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/univariate/associations.h"
#include "study/analysis.h"

/* Fills a new campaign. Its permutations are in orbits or, where these do not serve (tiny strata) or are not
 * asked for, drawn one by one, as orbits of one shift. */
int maxima_record_fill(struct campaign *campaign, const struct analysis *analysis,
                       const struct associations *found, struct error *err);

#endif
