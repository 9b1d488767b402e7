/* Reading and checking NIfTI headers. Only for image_file.c. */
#ifndef ARETE_IMAGES_IMAGE_HEADER_H
#define ARETE_IMAGES_IMAGE_HEADER_H

#include "base/error.h"
#include "images/image_grid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IMAGE_HEADER_BYTES = 540 }; /* of NIfTI-2; NIfTI-1 takes 348 */

struct image_header {
    struct image_grid grid; /* in mm */
    const char *unit;       /* "micrometres", "metres": the file's own; NULL: mm */
    int64_t n_volumes;
    int type; /* NIfTI code of a numeric type that can be read */
    size_t value_bytes;
    bool swapped;            /* the byte order is not that of this machine */
    double slope, intercept; /* 1 and 0 when the file has none */
    int64_t voxels_at;       /* offset of the first voxel in the file */
};

/* Reads the header from `bytes`, the first `count` bytes of the file, at most IMAGE_HEADER_BYTES. path: for
 * messages. */
int image_header_read(struct image_header *header, const unsigned char *bytes, size_t count, const char *path,
                      struct error *err);

#endif
