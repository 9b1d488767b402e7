#include "input/images/image_stack.h"

#include "base/memory.h"
#include "images/image_file.h"
#include "images/regions.h"
#include "input/images/image_origin.h"
#include "input/images/image_rows.h"
#include "input/tables/problems.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Images that are put into the values together: a voxel's numbers of that many fill a cache line. */
enum { IMAGES_TOGETHER = 16, VOXEL_NAME_BYTES = 64, FEWEST_IMAGES = 2 };

void image_stack_close(struct image_stack *stack)
{
    for (size_t i = 0; stack->paths != NULL && i < stack->n_images; i++)
        free(stack->paths[i]);
    free(stack->paths);
    free(stack->lines);
    free(stack->voxel);
    free(stack->source);
    free(stack->mask);
    *stack = (struct image_stack){0};
}

/* The grid is the mask's. */
static int take_grid(struct image_stack *stack, struct log *log, struct error *err)
{
    struct image_file file;
    if (image_file_open_one(&file, stack->mask, err) != 0)
        return err->code;
    stack->grid = file.grid;
    image_file_tell_unit(&file, log);
    image_file_close(&file);
    return 0;
}

/* Its voxels, which take memory: once the images are found to have its grid. */
static int take_mask(struct image_stack *stack, struct error *err)
{
    const char *mask = stack->mask;
    struct regions regions;
    struct regions_request request = {
        .grid = &stack->grid, .grid_path = mask, .mask = mask, .tolerance_mm = stack->tolerance_mm};
    if (regions_init(&regions, &request, err) != 0)
        return err->code;
    stack->n_voxels = regions.n_voxels;
    stack->voxel = regions.voxel;
    regions.voxel = NULL;
    regions_free(&regions);
    return 0;
}

/* Opens the only file, or that of one image, and checks its grid. */
static int open_file(const struct image_stack *stack, size_t image, struct image_file *file,
                     struct error *err)
{
    const char *path = stack->paths != NULL ? stack->paths[image] : stack->source;
    int code = stack->paths != NULL ? image_file_open_one(file, path, err) : image_file_open(file, path, err);
    if (code == 0)
        code =
            image_file_check_grid(path, &file->grid, stack->mask, &stack->grid, stack->tolerance_mm, "", err);
    if (code != 0 && stack->paths != NULL)
        error_append(err, " (%s:%zu)", stack->source, stack->lines[image]);
    return code;
}

/* Looks at every header before any image is read: the last one may be the wrong one. The log names the first
 * of another unit than mm. The space is the first image's, as the mask may be made for another. */
static int check_headers(struct image_stack *stack, struct log *log, struct error *err)
{
    struct problems problems = {0};
    bool told = false;
    size_t n_files = stack->paths != NULL ? stack->n_images : 1;
    for (size_t i = 0; i < n_files; i++) {
        struct error one = {0};
        struct image_file file = {0};
        if (open_file(stack, i, &file, &one) == 0) {
            stack->rounds |= !image_file_is_single(&file);
            stack->grid.space = i == 0 ? file.grid.space : stack->grid.space;
            told = told || image_file_tell_unit(&file, log);
            stack->n_images = stack->paths == NULL ? (size_t)file.n_volumes : stack->n_images;
        }
        image_file_close(&file);
        if (one.code == EXIT_CODE_FAILED)
            return error_set(err, one.code, "%s", one.message);
        if (one.code != 0)
            problems_add(&problems, err, "%s", one.message);
    }
    if (problems_end(&problems, err) != 0)
        return err->code;
    return stack->n_images >= FEWEST_IMAGES
               ? 0
               : error_set(err, EXIT_CODE_BAD_INPUT, "%s: %zu image%s found; expected at least %d",
                           stack->source, stack->n_images, stack->n_images == 1 ? "" : "s", FEWEST_IMAGES);
}

int image_stack_open(struct image_stack *stack, const struct image_stack_request *request, struct error *err)
{
    *stack = (struct image_stack){0};
    stack->source = memory_string(request->images, err);
    stack->mask = memory_string(request->mask, err);
    stack->tolerance_mm = request->tolerance_mm;
    if (err->code != 0 || take_grid(stack, request->log, err) != 0 ||
        (!image_file_is_named(request->images) && image_rows_read(stack, request, err) != 0) ||
        check_headers(stack, request->log, err) != 0 || take_mask(stack, err) != 0)
        image_stack_close(stack);
    return err->code;
}

/* What is in hand while images are read. */
struct reading {
    const struct image_stack *stack;
    struct image_file file; /* of many volumes, or of this image */
    enum image_stack_origin origin;
    double largest;          /* of all numbers so far, without their sign */
    double *numbers, *first; /* n_voxels: of this image; of the first, or NULL where that is no origin */
    float *together;         /* IMAGES_TOGETHER x n_voxels */
};

/* How large a number may be: a difference of two must fit into float32. */
static double largest_of(const struct image_stack *stack)
{
    return stack->rounds ? (double)FLT_MAX / 2 : (double)FLT_MAX;
}

static int refuse_numbers(const struct reading *reading, size_t image, size_t first_bad, size_t n_bad,
                          struct error *err)
{
    const struct image_stack *stack = reading->stack;
    double number = reading->numbers[first_bad];
    char name[VOXEL_NAME_BYTES], volume[VOXEL_NAME_BYTES] = "", expected[VOXEL_NAME_BYTES] = "finite numbers";
    image_grid_voxel_name(&stack->grid, stack->voxel[first_bad], name, sizeof name);
    if (stack->paths == NULL)
        snprintf(volume, sizeof volume, " of volume %zu", image + 1);
    if (isfinite(number))
        snprintf(expected, sizeof expected, "numbers up to %.2g (single precision)", largest_of(stack));
    return error_set(
        err, EXIT_CODE_BAD_INPUT, "%s: %g found at voxel %s%s (%zu such in the mask); expected %s",
        stack->paths != NULL ? stack->paths[image] : stack->source, number, name, volume, n_bad, expected);
}

/* The values of one image as float32. */
static int convert(struct reading *reading, size_t image, float *values, struct error *err)
{
    double most = largest_of(reading->stack);
    size_t n_bad = 0, first_bad = 0;
    for (size_t v = reading->stack->n_voxels; v-- > 0;) {
        double size = fabs(reading->numbers[v]);
        values[v] = (float)reading->numbers[v];
        reading->largest = size > reading->largest ? size : reading->largest;
        if (size <= most)
            continue;
        n_bad++;
        first_bad = v;
    }
    return n_bad == 0 ? 0 : refuse_numbers(reading, image, first_bad, n_bad, err);
}

/* Numbers that float32 takes for 0, or that lose digits there. Those far below others count as 0. */
static int check_size(const struct reading *reading, struct error *err)
{
    const double least = 1e-30;
    if (!reading->stack->rounds || reading->largest <= 0 || reading->largest >= least)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: %g is the largest number found in the mask in all images; expected at least %g, as "
                     "values are kept in single precision: give them in another unit",
                     reading->stack->source, reading->largest, least);
}

/* What is taken off in double before rounding: float32 would round away what images with a large mean differ
 * by. Either each voxel's own value in the first image, or one value of the image for all of its voxels. */
static void count_from_origin(const struct reading *reading, size_t image, float *values)
{
    size_t n_voxels = reading->stack->n_voxels;
    const double *numbers = reading->numbers;
    if (reading->origin == IMAGE_STACK_EACH_IMAGE) {
        double origin = image_origin_of(numbers, n_voxels);
        for (size_t v = 0; v < n_voxels; v++)
            values[v] = (float)(numbers[v] - origin);
        return;
    }
    if (image == 0)
        memcpy(reading->first, numbers, n_voxels * sizeof *reading->first);
    for (size_t v = 0; v < n_voxels; v++)
        values[v] = (float)(numbers[v] - reading->first[v]);
}

static int read_image(struct reading *reading, size_t image, float *values, uint64_t *hash, struct error *err)
{
    const struct image_stack *stack = reading->stack;
    if ((image == 0 || stack->paths != NULL) && open_file(stack, image, &reading->file, err) != 0)
        return err->code;
    int code = image_file_read(&reading->file, stack->voxel, stack->n_voxels, reading->numbers, err);
    if (code == 0)
        code = convert(reading, image, values, err);
    if (code == 0)
        *hash = XXH3_64bits_withSeed(reading->numbers, stack->n_voxels * sizeof *reading->numbers, *hash);
    if (code == 0 && stack->rounds)
        count_from_origin(reading, image, values);
    if (stack->paths != NULL)
        image_file_close(&reading->file);
    return code;
}

/* `count` images, the first of them `first`, into their places. */
static void place(const struct reading *reading, size_t first, size_t count, float *values, size_t stride)
{
    size_t n_voxels = reading->stack->n_voxels;
    for (size_t v = 0; v < n_voxels; v++)
        for (size_t k = 0; k < count; k++)
            values[v * stride + first + k] = reading->together[k * n_voxels + v];
}

static int read_images(struct reading *reading, float *values, size_t stride, uint64_t *hash,
                       image_stack_progress *progress, void *context, struct error *err)
{
    const struct image_stack *stack = reading->stack;
    *hash = 0;
    for (size_t i = 0; i < stack->n_images; i++) {
        size_t k = i % IMAGES_TOGETHER;
        float *image = reading->together + k * stack->n_voxels;
        if (read_image(reading, i, image, hash, err) != 0)
            return err->code;
        if (values != NULL && (k + 1 == IMAGES_TOGETHER || i + 1 == stack->n_images))
            place(reading, i - k, k + 1, values, stride);
        if (progress != NULL)
            progress(context, (int64_t)i + 1, (int64_t)stack->n_images);
    }
    return check_size(reading, err);
}

int image_stack_read(const struct image_stack *stack, const struct image_stack_values *into, uint64_t *hash,
                     image_stack_progress *progress, void *context, struct error *err)
{
    struct reading reading = {.stack = stack, .origin = into->origin};
    reading.numbers = memory_aligned(stack->n_voxels, sizeof *reading.numbers, "an image's voxels", err);
    if (stack->rounds && into->origin == IMAGE_STACK_EACH_VOXEL)
        reading.first = memory_aligned(stack->n_voxels, sizeof *reading.first, "an image's voxels", err);
    reading.together = err->code != 0 ? NULL
                                      : memory_aligned(IMAGES_TOGETHER * stack->n_voxels,
                                                       sizeof *reading.together, "images", err);
    if (reading.together != NULL)
        read_images(&reading, into->values, into->stride, hash, progress, context, err);
    image_file_close(&reading.file);
    free(reading.numbers);
    free(reading.first);
    free(reading.together);
    return err->code;
}
