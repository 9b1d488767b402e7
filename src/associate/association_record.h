/* What the campaign of a univariate model keeps for its report: each target's best SNP, and both plots of all
 * targets. */
#ifndef ARETE_ASSOCIATE_ASSOCIATION_RECORD_H
#define ARETE_ASSOCIATE_ASSOCIATION_RECORD_H

#include "associate/association_tables.h"
#include "base/error.h"
#include "checkpoint/campaign.h"

/* In the place of what is there. The campaign has its targets (maxima_record.h); it owns what it gets. */
int association_record_fill(struct campaign *campaign, const struct association_tables *tables,
                            struct error *err);

/* -log10 p of a correlation. That of a SNP which is the target itself, whose p is 0, stands where the last
 * correlation under 1 has it: plots end somewhere. */
double association_record_log10p(double r, double degrees);

/* -log10 p that is expected of the k-th smallest of `count`, k from 0. */
double association_record_expected(double k, double count);

#endif
