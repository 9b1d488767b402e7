/* Maps: one NIfTI image a file, the old one there until the new one is whole. */
#ifndef ARETE_OUTPUT_MAP_H
#define ARETE_OUTPUT_MAP_H

#include "base/error.h"
#include "images/image_write.h"

/* Whether what stands under the name, if anything, may be replaced by a map. */
int map_check(const char *path, struct error *err);

/* Replaces the file `path` (base/replace.h). Compressed when path ends in .gz. */
int map_write(const char *path, const struct image_content *content, struct error *err);

#endif
