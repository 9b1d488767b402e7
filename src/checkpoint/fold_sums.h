/* Sums between passes. Where the forms or operators of all outer folds do not fit into memory at once,
 * permutations go through the folds in passes, and every pass but the last saves what the folds so far add up
 * to, unit by unit as a campaign saves scores, in a file beside it: "campaign.folds-4.h5" has the sums over
 * the first four folds. A pass reads one such file and writes the next; nothing is added to in place, and the
 * file that was read goes when the pass is through (docs/campaign-file.md).
 *
 * Sums over the same folds are the same bits, whatever the passes were. With several ranks, rank 0 saves in
 * that file and the others in parts of it, which part_files_merge merges. Callers hold the campaign's lock,
 * in rank 0. */
#ifndef ARETE_CHECKPOINT_FOLD_SUMS_H
#define ARETE_CHECKPOINT_FOLD_SUMS_H

#include "base/error.h"
#include "checkpoint/campaign.h"

#include <stddef.h>

/* The sums over the first `through` folds, by a pass that went on from those over the first `from` (0: from
 * nothing). */
struct fold_sums {
    size_t from, through;
    int64_t n_permutations; /* that it has room for */
};

enum { FOLD_SUMS_MOST = 16 }; /* files; a run leaves two at most */

/* Which files there are that belong to the campaign (also in the size of rows and states, where its members
 * for sums are set), in the order of their folds; those of another study or shape, and what was never
 * finished, are left out. *count: at most FOLD_SUMS_MOST. */
int fold_sums_find(const char *campaign_path, const struct campaign *campaign, struct fold_sums *found,
                   size_t *count, struct error *err);

/* Whether all that has such a name beside the campaign is a file of sums: nothing else is replaced. */
int fold_sums_check_names(const char *campaign_path, struct error *err);
/* Whether there is none: for a campaign that is not there. Else EXIT_CODE_BAD_INPUT. */
int fold_sums_check_none(const char *campaign_path, struct error *err);

/* Makes the file with no unit done, or a part of it (rank > 0), and opens it for campaign_units_save. It
 * replaces one that is there; units done in `earlier` (NULL: none) are copied. Of `campaign` also the members
 * for sums are read. Only units that are saved take disk space. */
int fold_sums_create(const char *campaign_path, int rank, const struct campaign *campaign,
                     const struct campaign_units *earlier, struct campaign_units **units, struct error *err);

/* Opens the file for reading, or for saving more units. One that is not of the campaign's study and shape, as
 * above, is EXIT_CODE_BAD_INPUT, a damaged one EXIT_CODE_FAILED. */
int fold_sums_open(const char *campaign_path, size_t through, bool writable, const struct campaign *campaign,
                   struct campaign_units **units, struct error *err);

/* Removes the file of these folds with its parts, if it is there; with `through` 0 the files of all. */
int fold_sums_remove(const char *campaign_path, size_t through, struct error *err);

#endif
