/* predictions.tsv: what was predicted of each person who was not used for fitting, and what was observed. */
#ifndef ARETE_OUTPUT_PREDICTIONS_TABLE_H
#define ARETE_OUTPUT_PREDICTIONS_TABLE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Nothing is owned. */
struct predictions_table {
    size_t n, n_targets;
    char *const *target, *const *fid, *const *iid; /* n_targets; n; n */
    const int32_t *fold;                           /* n: from 0; the table counts from 1 */
    const float *observed, *predicted;             /* n x n_targets, row-major; NaN: NA */
};

/* Whether what stands under the name, if anything, is such a table: nothing else is replaced. */
int predictions_table_check(const char *path, struct error *err);

/* Replaces the file `path` (base/replace.h): target after target, a line a person. */
int predictions_table_write(const char *path, const struct predictions_table *table, struct error *err);

#endif
