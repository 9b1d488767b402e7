/* Writing a NIfTI-1 image of one volume. */
#ifndef ARETE_IMAGES_IMAGE_WRITE_H
#define ARETE_IMAGES_IMAGE_WRITE_H

#include "base/error.h"
#include "images/image_grid.h"

#include <stdbool.h>
#include <stdint.h>

enum image_meaning { IMAGE_MEANING_NONE, IMAGE_MEANING_LABEL, IMAGE_MEANING_LOG10P };

/* One of floats and labels has image_grid_voxel_count(grid) values, written as float32 or int32; the other is
 * NULL. */
struct image_content {
    struct image_grid grid;
    const float *floats;
    const int32_t *labels;
    const char *description; /* cut to 79 bytes */
    enum image_meaning meaning;
};

/* A grid of no known space gets neither sform nor qform, as the images that it is of. Writes the file that is
 * opened by the name `way` and shall be called `path` (compressed when that ends in .gz), which messages
 * name. The bytes depend on the content alone. output/map.h replaces a file by one written so. */
int image_write(const char *way, const char *path, const struct image_content *content, struct error *err);

#endif
