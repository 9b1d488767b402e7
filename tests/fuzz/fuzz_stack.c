/* The images of many people, as arete parcellate reads them: two lengths of two bytes, then a table of paths,
 * a mask, and the image a.nii that the table may name; b.nii has the mask's grid. By the first byte the image
 * stands instead of the table. */
#include "fuzz.h"
#include "images/image_file.h"
#include "input/images/image_stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_VOXELS = 1 << 12, MOST_IMAGES = 64, HEADER = 352 };

static void read_all(const struct image_stack *stack, enum image_stack_origin origin)
{
    struct error err = {0};
    uint64_t hash;
    if (stack->n_voxels > MOST_VOXELS || stack->n_images > MOST_IMAGES)
        return;
    float *values = malloc((stack->n_voxels * stack->n_images + 1) * sizeof *values);
    if (values == NULL)
        abort();
    const struct image_stack_values into = {values, stack->n_images, origin};
    image_stack_read(stack, &into, &hash, NULL, NULL, &err);
    free(values);
}

/* The mask's header and as many bytes as it has itself. */
static void put_second(const uint8_t *mask, size_t size)
{
    uint8_t bytes[1 << 16] = {0};
    memcpy(bytes, mask, size);
    for (size_t k = HEADER; k < size; k++)
        bytes[k] = (uint8_t)(mask[k] + k * k);
    fuzz_put("b.nii", bytes, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint16_t length[2];
    if (size < 1 + sizeof length)
        return 0;
    uint8_t which = data[0];
    memcpy(length, data + 1, sizeof length);
    data += 1 + sizeof length;
    size -= 1 + sizeof length;
    size_t table = length[0] < size ? length[0] : size,
           mask = length[1] < size - table ? length[1] : size - table;
    char table_path[300], mask_path[300];
    snprintf(table_path, sizeof table_path, "%s", fuzz_put("images.tsv", data, table));
    snprintf(mask_path, sizeof mask_path, "%s", fuzz_put("mask.nii", data + table, mask));
    put_second(data + table, mask);
    const char *image = fuzz_put("a.nii", data + table + mask, size - table - mask);
    struct error err = {0};
    struct image_stack stack;
    const struct image_stack_request request = {.images = which & 1 ? image : table_path,
                                                .mask = mask_path,
                                                .id_column = which & 2 ? "eid" : NULL,
                                                .tolerance_mm = IMAGE_GRID_TOLERANCE_MM};
    if (image_stack_open(&stack, &request, &err) == 0) {
        read_all(&stack, which & 4 ? IMAGE_STACK_EACH_IMAGE : IMAGE_STACK_EACH_VOXEL);
        image_stack_close(&stack);
    }
    return 0;
}
