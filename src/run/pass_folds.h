/* Which outer folds a pass goes through. */
#ifndef ARETE_RUN_PASS_FOLDS_H
#define ARETE_RUN_PASS_FOLDS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "checkpoint/fold_sums.h"
#include "planning/fold_chains.h"

#include <stdbool.h>
#include <stddef.h>

/* The next pass after the first `done` folds: what is left is cut into as few passes of at most `most` folds
 * as it takes, all of about the same size. */
struct fold_span pass_folds_from(size_t done, size_t n_outer, size_t most);

/* Of the files of sums that a run found, in the order of their folds: which pass is under way or comes next.
 * first_is_whole: whether nothing is left to do in a first pass whose file is found[count - 1]. *stale:
 * whether that file is of a pass with more folds than `most`, which begins again with fewer. */
struct fold_span pass_folds_next(const struct fold_sums *found, size_t count, bool first_is_whole,
                                 size_t n_outer, size_t most, bool *stale);

#endif
