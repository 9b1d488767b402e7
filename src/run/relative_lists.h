/* relatives.tsv and relatives_dropped.tsv beside the results. */
#ifndef ARETE_RUN_RELATIVE_LISTS_H
#define ARETE_RUN_RELATIVE_LISTS_H

#include "base/error.h"
#include "study/analysis.h"

/* The pairs of relatives that were found, and who was left out for them, each where the study asks for it
 * (genotypes.max_relatedness, model.keep_together: {relatedness: ...}). The output folder is there. */
int relative_lists_write(const struct analysis *analysis, struct error *err);

/* Removes those of an earlier study, for one that begins. They were found to be such lists (outputs.h). */
int relative_lists_remove(const char *folder, struct error *err);

/* Whether the file of that name may be replaced by such a list (base/replace.h). */
int relative_lists_check_pairs(const char *path, struct error *err);
int relative_lists_check_dropped(const char *path, struct error *err);

#endif
