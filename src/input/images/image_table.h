/* Tables that say where each subject's image is: ID columns and a column `image` (or `path`). */
#ifndef ARETE_INPUT_IMAGES_IMAGE_TABLE_H
#define ARETE_INPUT_IMAGES_IMAGE_TABLE_H

#include "base/error.h"
#include "base/text.h"
#include "input/tables/table.h"

#include <stddef.h>

/* paths[s] of subject s = subject_of_row[row], s < n_paths: a string of the caller's, or NULL = missing. A
 * path that is not absolute starts at the table's folder. missing_codes may be NULL. `paths` must be zeroed;
 * on error it may hold strings already. */
int image_table_read(const struct table *table, const ptrdiff_t *subject_of_row,
                     const struct missing_codes *missing_codes, char **paths, size_t n_paths,
                     struct error *err);

#endif
