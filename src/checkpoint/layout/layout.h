/* The structure of an HDF5 file that arete has written: groups, datasets, attributes, and where their bytes
 * stand. It is read here and not by the HDF5 library, which a file made on purpose can crash.
 *
 * Only what arete writes is known (HDF5 File Format Specification, version 3): superblock 2, object headers
 * of version 2, one level of groups, hard links, contiguous datasets, attributes. Everything else is refused.
 * Every number is held against the file's size before it is used, every checksum is checked, and each byte of
 * the file belongs to one thing at most: so nothing is read twice, and no circle of addresses can be. */
#ifndef ARETE_CHECKPOINT_LAYOUT_H
#define ARETE_CHECKPOINT_LAYOUT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LAYOUT_RANK_MOST = 4,
    LAYOUT_PATH_BYTES = 72,
    LAYOUT_OBJECTS_MOST = 128,
    LAYOUT_ATTRIBUTES_MOST = 256
};

/* What values are of. */
struct layout_form {
    const uint8_t *type; /* the datatype as it stands in the file */
    size_t type_bytes;
    uint64_t width; /* bytes of a value, from 1 on */
    int rank;       /* 0: one value */
    uint64_t length[LAYOUT_RANK_MOST];
    uint64_t count;       /* of values */
    uint64_t count_bytes; /* count x width */
};

struct layout_attribute {
    size_t object; /* that it belongs to */
    const char *name;
    struct layout_form form;
    const uint8_t *values; /* form.count_bytes of them */
};

struct layout_object {
    char path[LAYOUT_PATH_BYTES]; /* "/", "/null", "/null/score" */
    uint64_t header;              /* its place in the file */
    bool is_group;
    /* Of a dataset: */
    struct layout_form form;
    uint64_t offset; /* of its bytes in the file, all of which are there; of no meaning when it has none */
};

/* A file that is open as plain bytes. */
struct layout_file {
    int descriptor;
    uint64_t bytes;
    const char *path;   /* for messages */
    const char *a_file; /* what it should be, "an arete campaign" */
};

struct layout_extent {
    uint64_t from, end;
};

struct layout {
    struct layout_file file;
    struct layout_object *objects; /* the root first */
    struct layout_attribute *attributes;
    size_t n_objects, n_attributes;
    /* What is known to belong to something, and memory that all the rest points to. */
    struct layout_extent *extents;
    void **blocks;
    size_t n_extents, n_blocks;
    size_t extents_room, blocks_room;
    uint64_t block_bytes; /* of all blocks */
};

/* Reads the structure. What is HDF5 but of another kind is EXIT_CODE_BAD_INPUT, a damaged file
 * EXIT_CODE_FAILED; the layout is then empty. */
int layout_read(struct layout *layout, const struct layout_file *file, struct error *err);

/* Safe on a zeroed layout. */
void layout_free(struct layout *layout);

/* NULL when it is not there. */
const struct layout_object *layout_find(const struct layout *layout, const char *path);
const struct layout_attribute *layout_attribute(const struct layout *layout, const struct layout_object *of,
                                                const char *name);

#endif
