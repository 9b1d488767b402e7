#include "checkpoint/layout/layout.h"

#include "base/memory.h"
#include "checkpoint/layout/block.h"
#include "checkpoint/layout/lookup3.h"
#include "checkpoint/layout/object_header.h"

#include <stdlib.h>
#include <string.h>

enum { SUPERBLOCK_BYTES = 48 };

static int not_ours(const struct layout *layout, struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: is an HDF5 file, but damaged or not written by arete; expected %s",
                     layout->file.path, layout->file.a_file);
}

/* *root: where the root's header stands. */
static int read_superblock(struct layout *layout, uint64_t *root, struct error *err)
{
    static const char what[] = "the superblock";
    const uint8_t *bytes = block_bytes(layout, 0, SUPERBLOCK_BYTES, what, err);
    if (bytes == NULL)
        return err->code;
    struct cursor cursor = {.at = bytes, .left = SUPERBLOCK_BYTES};
    cursor_take(&cursor, 8); /* the signature was looked at when the file was opened */
    uint64_t version = cursor_number(&cursor, 1), widths = cursor_number(&cursor, 2),
             flags = cursor_number(&cursor, 1), base = cursor_number(&cursor, 8),
             extension = cursor_number(&cursor, 8), end = cursor_number(&cursor, 8);
    *root = cursor_number(&cursor, 8);
    if (version != 2 || widths != 0x0808)
        return not_ours(layout, err);
    if (!lookup3_is(bytes, SUPERBLOCK_BYTES - 4, (uint32_t)cursor_number(&cursor, 4)))
        return block_refuse(layout, what, 0, "has a wrong checksum", err);
    if (flags != 0 || base != 0 || extension != BLOCK_NOWHERE)
        return not_ours(layout, err);
    if (end > layout->file.bytes)
        return error_set(err, EXIT_CODE_FAILED, "%s: is damaged: %llu bytes are there; expected %llu",
                         layout->file.path, (unsigned long long)layout->file.bytes, (unsigned long long)end);
    return 0;
}

static int read_objects(struct layout *layout, struct error *err)
{
    layout->objects =
        memory_zeroed(LAYOUT_OBJECTS_MOST, sizeof *layout->objects, "the file's structure", err);
    layout->attributes =
        memory_zeroed(LAYOUT_ATTRIBUTES_MOST, sizeof *layout->attributes, "the file's structure", err);
    if (layout->objects == NULL || layout->attributes == NULL)
        return err->code;
    layout->n_objects = 1;
    layout->objects[0].path[0] = '/';
    int code = read_superblock(layout, &layout->objects[0].header, err);
    for (size_t k = 0; code == 0 && k < layout->n_objects; k++)
        code = object_header_read(layout, k, err);
    return code;
}

int layout_read(struct layout *layout, const struct layout_file *file, struct error *err)
{
    *layout = (struct layout){.file = *file};
    int code = read_objects(layout, err);
    if (code != 0)
        layout_free(layout);
    return code;
}

void layout_free(struct layout *layout)
{
    for (size_t k = 0; k < layout->n_blocks; k++)
        free(layout->blocks[k]);
    free(layout->blocks);
    free(layout->extents);
    free(layout->objects);
    free(layout->attributes);
    *layout = (struct layout){0};
}

const struct layout_object *layout_find(const struct layout *layout, const char *path)
{
    for (size_t k = 0; k < layout->n_objects; k++)
        if (strcmp(layout->objects[k].path, path) == 0)
            return &layout->objects[k];
    return NULL;
}

const struct layout_attribute *layout_attribute(const struct layout *layout, const struct layout_object *of,
                                                const char *name)
{
    for (size_t k = 0; k < layout->n_attributes; k++)
        if (layout->attributes[k].object == (size_t)(of - layout->objects) &&
            strcmp(layout->attributes[k].name, name) == 0)
            return &layout->attributes[k];
    return NULL;
}
