/* Files beside a campaign that are named after it and have a number: "campaign.part-1.h5" beside
 * "campaign.h5". */
#ifndef ARETE_CHECKPOINT_NUMBERED_FILE_H
#define ARETE_CHECKPOINT_NUMBERED_FILE_H

#include "base/error.h"
#include "base/text.h"

struct numbered_file {
    const char *word, *ending; /* ".part-", ".h5" */
};

/* The name of one, to be freed; NULL and an error without memory. */
char *numbered_file_path(const char *path, const struct numbered_file *kind, int number, struct error *err);

/* The number of one that numbered_file_list found; -1 where it is too large to be one. */
int numbered_file_number(const char *file, const char *path, const struct numbered_file *kind);

/* Adds the paths of all of them, sorted by name, and to `leftovers` (unless NULL) those of files that were
 * never finished (base/replace.h; "....h5.tmp" of arete 0.1.0). */
int numbered_file_list(const char *path, const struct numbered_file *kind, struct text_list *files,
                       struct text_list *leftovers, struct error *err);

/* Whether all that has such a name is what `check` lets be replaced. Without the folder there is nothing. */
typedef int numbered_file_checker(const char *path, struct error *err);
/* One that lets none: for files that are found beside no campaign. EXIT_CODE_BAD_INPUT, with what to do. */
int numbered_file_refuse(const char *path, struct error *err);
int numbered_file_check(const char *path, const struct numbered_file *kind, numbered_file_checker *check,
                        struct error *err);

#endif
