/* Manhattan and QQ plots: manhattan.svg and qq.svg of all targets, and those of named targets in full/. */
#ifndef ARETE_ASSOCIATE_ASSOCIATION_PLOTS_H
#define ARETE_ASSOCIATE_ASSOCIATION_PLOTS_H

#include "associate/association_tables.h"
#include "associate/named_pairs.h"
#include "base/error.h"
#include "checkpoint/campaign.h"

/* Replaces the files. campaign: with what association_record_fill gives it. limit_log_p: the natural
 * logarithm of the p up to which p_fwer is .05; NaN: not permuted. full/ must be there where targets are
 * named. */
int association_plots_write(const struct association_tables *tables, const struct campaign *campaign,
                            const struct named_pairs *named, double limit_log_p, struct error *err);

#endif
