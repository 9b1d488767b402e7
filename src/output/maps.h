/* The results as brain maps, on the grid of the images they come from. */
#ifndef ARETE_OUTPUT_MAPS_H
#define ARETE_OUTPUT_MAPS_H

#include "base/error.h"
#include "base/text.h"
#include "images/regions.h"
#include "output/result_columns.h"

/* Adds the path of every map in `folder`. */
int maps_list(const char *folder, struct text_list *paths, struct error *err);

/* Writes <map>.nii.gz of every column that has a map (result_columns.c) into `folder`, which is there:
 * float32; every voxel has its target's value, 0 outside the targets and where a target is NA. rows[t] is
 * target t of the regions. */
int maps_write(const char *folder, const struct regions *regions, const struct result_row *rows,
               struct error *err);

/* One map: values[t] of target t of the regions, NaN as 0. */
struct maps_meaning {
    const char *description; /* as in struct image_content */
    enum image_meaning meaning;
};
int maps_write_values(const char *path, const struct regions *regions, const double *values,
                      const struct maps_meaning *meaning, struct error *err);

#endif
