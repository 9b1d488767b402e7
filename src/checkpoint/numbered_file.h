/* Files beside a campaign that are named after it and have a number: "campaign.part-1.h5" beside
 * "campaign.h5", where ".part-" is the word. */
#ifndef ARETE_CHECKPOINT_NUMBERED_FILE_H
#define ARETE_CHECKPOINT_NUMBERED_FILE_H

#include "base/error.h"
#include "base/text.h"

/* The name of one, to be freed; NULL and an error without memory. */
char *numbered_file_path(const char *path, const char *word, int number, struct error *err);

/* The number of one that numbered_file_list found; -1 where it is too large to be one. */
int numbered_file_number(const char *file, const char *path, const char *word);

/* Adds the paths of all of them, sorted by name, and to `leftovers` (unless NULL) those of files that were
 * never finished (base/replace.h; "....h5.tmp" of arete 0.1.0). */
int numbered_file_list(const char *path, const char *word, struct text_list *files,
                       struct text_list *leftovers, struct error *err);

#endif
