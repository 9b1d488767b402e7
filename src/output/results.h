/* results.tsv: one row a target, in the order of the targets table, a target that could not be analysed with
 * NA and the reason. */
#ifndef ARETE_OUTPUT_RESULTS_H
#define ARETE_OUTPUT_RESULTS_H

#include "base/error.h"
#include "output/result_columns.h"

#include <stddef.h>
#include <stdio.h>

/* Writes <path>.tmp, fsyncs, renames it to path, fsyncs the folder. */
int results_write(const char *path, const struct result_row *rows, size_t count, struct error *err);

/* Prints at most `limit` rows for people: aligned columns, smallest p_fwer first. */
void results_print(FILE *out, const struct result_row *rows, size_t count, size_t limit);

#endif
