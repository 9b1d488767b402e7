/* Writing a NIfTI-1 image of one volume. */
#ifndef ARETE_IMAGES_IMAGE_WRITE_H
#define ARETE_IMAGES_IMAGE_WRITE_H

#include "base/error.h"
#include "images/grid.h"

#include <stdbool.h>
#include <stdint.h>

enum image_meaning { IMAGE_MEANING_NONE, IMAGE_MEANING_LABEL, IMAGE_MEANING_LOG10P };

/* One of floats and labels, grid_voxel_count(grid) values; the other is NULL. They are written as float32 or
 * int32. */
struct image_content {
    struct grid grid;
    const float *floats;
    const int32_t *labels;
    const char *description; /* cut to 79 bytes */
    enum image_meaning meaning;
};

/* Writes the file under `path`, whatever its name, in place; a caller who wants the old one whole until the
 * new one is writes beside it and renames (output/map.h). The bytes depend on the content alone. */
int image_write(const char *path, bool compressed, const struct image_content *content, struct error *err);

#endif
