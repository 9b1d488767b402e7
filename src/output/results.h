/* results.tsv: one row a target, in the order of the targets table, a target that could not be analysed with
 * NA and the reason. */
#ifndef ARETE_OUTPUT_RESULTS_H
#define ARETE_OUTPUT_RESULTS_H

#include "base/error.h"
#include "output/result_columns.h"

#include <stddef.h>

/* Whether what stands under the name, if anything, is a table of results: nothing else is replaced. */
int results_check(const char *path, struct error *err);

/* Replaces the file `path` (base/replace.h). */
int results_write(const char *path, const struct result_row *rows, size_t count, struct error *err);

#endif
