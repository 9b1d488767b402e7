/* One image of each of many people, all on one grid: the voxels of a mask, one person after the other. */
#ifndef ARETE_INPUT_IMAGES_IMAGE_STACK_H
#define ARETE_INPUT_IMAGES_IMAGE_STACK_H

#include "base/error.h"
#include "base/log.h"
#include "images/image_grid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_stack {
    struct image_grid grid;
    size_t n_voxels; /* in the mask */
    size_t *voxel;   /* n_voxels: number in the grid, ascending */
    size_t n_images;
    bool rounds;         /* some image's numbers may not fit into float32 exactly */
    char *source, *mask; /* paths: of the table or of the file of many volumes; of the mask */
    char **paths;        /* n_images of the table; NULL for a file of many volumes */
    double tolerance_mm; /* within which grids are the same */
    size_t *lines;       /* n_images: where each stands in the table */
};

/* Told of every image read; may be NULL. */
typedef void image_stack_progress(void *context, int64_t done, int64_t total);

/* `images` is a NIfTI file with one volume a person, or a table with IDs and a column `image` (or `path`)
 * of files with one volume, which start at the table's folder. */
struct image_stack_request {
    const char *images, *mask;
    const char *id_column; /* of the table; NULL = the usual ones */
    bool drops_missing;    /* rows without an image are left out; else they are bad input */
    double tolerance_mm;   /* within which grids are the same */
    struct log *log;       /* is told of units other than mm, and of rows left out; or NULL */
};

/* Headers and then the mask are read, and everything that is wrong with the headers is listed at once. Fewer
 * than two images are bad input. On error the stack is empty. */
int image_stack_open(struct image_stack *stack, const struct image_stack_request *request, struct error *err);
void image_stack_close(struct image_stack *stack);

/* What rounding starts from where float32 cannot hold the images' numbers (`rounds`); it is taken off in
 * double. EACH_VOXEL: the voxel's value in the first image, for values whose own mean does not matter.
 * EACH_IMAGE: one number for all voxels of an image (image_origin.h), which leaves the distances between
 * voxels as they are. */
enum image_stack_origin { IMAGE_STACK_EACH_VOXEL, IMAGE_STACK_EACH_IMAGE };

/* values[v * stride + s] = voxel v of image s as float32, from its origin; what stands beyond n_images in a
 * row is not touched. values NULL: only the hash is wanted. */
struct image_stack_values {
    float *values;
    size_t stride;
    enum image_stack_origin origin;
};

/* Reads all images. *hash is XXH3 of the values as the files have them, as double: float32 would make images
 * with a large mean the same. Image after image, each hash seeding the next. A value that is no number, or
 * beyond float32, is bad input; so are images none of which holds a number large enough for it. */
int image_stack_read(const struct image_stack *stack, const struct image_stack_values *into, uint64_t *hash,
                     image_stack_progress *progress, void *context, struct error *err);

#endif
