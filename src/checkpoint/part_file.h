/* Part files one by one: their names, which there are, opening one. */
#ifndef ARETE_CHECKPOINT_PART_FILE_H
#define ARETE_CHECKPOINT_PART_FILE_H

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/units.h"

/* "<folder>/campaign.part-<rank>.h5" for "<folder>/campaign.h5", to be freed; NULL and an error without
 * memory. */
char *part_file_path(const char *campaign_path, int rank, struct error *err);

/* Adds the paths of all part files of a campaign, sorted by name, and to `leftovers` (unless NULL) those of
 * parts that were never finished (base/replace.h; "....h5.tmp" of arete 0.1.0). */
int part_file_list(const char *campaign_path, struct text_list *parts, struct text_list *leftovers,
                   struct error *err);

/* Opens a part for reading, of a campaign or of a file of sums as the schema says; a file of sums may be
 * opened likewise. One that is not of the campaign's study and shape is EXIT_CODE_BAD_INPUT, a
 * damaged one EXIT_CODE_FAILED. `study`: as campaign_read_fingerprints gives it for the campaign. */
int part_file_open(struct campaign_units **part, const char *path, const struct schema *schema,
                   const struct campaign *study, struct error *err);

/* Whether all that has a part's name beside the campaign is a part: nothing else is replaced or removed. */
int part_file_check_names(const char *campaign_path, struct error *err);
/* Whether there is none: for a campaign that is not there. Else EXIT_CODE_BAD_INPUT. */
int part_file_check_none(const char *campaign_path, struct error *err);

#endif
