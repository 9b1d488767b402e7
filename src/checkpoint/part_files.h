/* Part files: with several ranks, rank 0 saves its units in the campaign file and rank r > 0 in
 * "campaign.part-r.h5" beside it, by the same protocol (layout: docs/campaign-file.md). Rank 0 takes over
 * what stands in parts, whatever the number of ranks was. Nothing here knows of ranks but their numbers.
 *
 * A run with several ranks: rank 0 opens the campaign (campaign_units_open, which takes the lock) and takes
 * the parts of earlier runs; then, not before, the other ranks create theirs; all save; the others close
 * theirs; then rank 0 takes them. Taking may come before or after campaign_extend. */
#ifndef ARETE_CHECKPOINT_PART_FILES_H
#define ARETE_CHECKPOINT_PART_FILES_H

#include "base/error.h"
#include "checkpoint/campaign.h"

#include <stdint.h>

/* Makes the part of a rank > 0 with no unit done, in the place of one that may be there, and opens it for
 * campaign_units_save; campaign_units_close closes it. It has the campaign's units under the campaign's
 * numbers, but takes disk space only for those that are saved, so that a save may find the disk full.
 *
 * Of `campaign` only arete_version, blas_core, fingerprints with n_fingerprints, n_targets, n_permutations
 * and unit_permutations are read; the rest may be 0. The caller holds no lock: the run's rank 0 does.
 * campaign_units_begin is for the campaign alone. */
int part_files_create(const char *campaign_path, int rank, const struct campaign *campaign,
                      struct campaign_units **units, struct error *err);

/* Copies into the campaign every unit that is done in one of its parts and not in the campaign, brings them
 * to the disk, and removes the parts. `units`: that campaign, opened for saving. *n_taken: units copied. A
 * unit whose CRC does not match its rows, and one beyond the campaign's room, is lost with its part.
 *
 * First every part is looked at: one that is damaged, or not of the campaign's study and shape, is an
 * error, and then nothing is taken or removed. Whoever is killed at any moment and comes again finds no
 * unit lost. */
int part_files_merge(struct campaign_units *units, const char *campaign_path, int64_t *n_taken,
                     struct error *err);

/* Removes all parts of a campaign without looking into them: for --fresh, just before campaign_create.
 * Refused while another run holds the campaign's lock; the caller has no units open. */
int part_files_remove(const char *campaign_path, struct error *err);

#endif
