/* Part files. With several ranks, rank 0 saves its units in the campaign file, and rank r > 0 in
 * "campaign.part-r.h5" beside it, in the same way (docs/campaign-file.md). Rank 0 merges the parts into the
 * campaign, whatever the number of ranks was. Nothing here knows more of ranks than their numbers.
 *
 * The order in a run with several ranks: rank 0 takes the lock, opens the campaign and merges the parts of
 * earlier runs; only then the other ranks create theirs; all save; the others close theirs; rank 0 merges
 * them. Merging may come before or after campaign_extend. */
#ifndef ARETE_CHECKPOINT_PART_FILES_H
#define ARETE_CHECKPOINT_PART_FILES_H

#include "base/error.h"
#include "checkpoint/campaign.h"

#include <stdint.h>

/* Makes the part of a rank > 0, with no unit done, and opens it for campaign_units_save; campaign_units_close
 * closes it. It replaces one that is there. Units have the campaign's numbers. Only units that are saved take
 * disk space, so a save may find the disk full.
 *
 * Of `campaign` only arete_version, blas_core, fingerprints with n_fingerprints, n_targets, n_permutations,
 * unit_permutations and, with orbits, method, n_shifts and slice_targets are read; the rest may be 0. The
 * caller holds no lock: the run's rank 0 does. */
int part_files_create(const char *campaign_path, int rank, const struct campaign *campaign,
                      struct campaign_units **units, struct error *err);

/* Copies every unit that is done in a part and not in the campaign into the campaign, brings all to the disk,
 * and removes the parts. units: the campaign, opened for saving, or its sums (fold_sums.h), whose parts are
 * merged then. *n_taken: units copied. A unit whose CRC
 * does not match its rows, or that is beyond the campaign's room, is lost with its part.
 *
 * Every part is checked first. If one is damaged, or not of the campaign's study and shape, that is an error,
 * and nothing is copied or removed. If the process is killed at any moment, the next call finds every unit in
 * the part, in the campaign, or in both. */
int part_files_merge(struct campaign_units *units, const char *campaign_path, int64_t *n_taken,
                     struct error *err);

/* Removes all parts of a campaign without reading them: for --fresh, just before campaign_create. The caller
 * holds the lock and has no units open. */
int part_files_remove(const char *campaign_path, struct error *err);

#endif
