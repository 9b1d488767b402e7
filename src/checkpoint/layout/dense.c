#include "checkpoint/layout/dense.h"

#include "checkpoint/layout/block.h"
#include "checkpoint/layout/lookup3.h"

#include <string.h>

enum {
    HEAP_HEADER_BYTES = 146,
    INDEX_HEADER_BYTES = 38,
    CHECKSUM_BYTES = 4,
    /* Types of an index's records, and their bytes. */
    LINKS_BY_NAME = 5,
    LINK_RECORD_BYTES = 11,
    ATTRIBUTES_BY_NAME = 8,
    ATTRIBUTE_RECORD_BYTES = 17,
    HUGE_OBJECTS = 1,
    HUGE_RECORD_BYTES = 24
};

/* One block that holds objects, and an index of those too large for it. */
struct heap {
    uint64_t id_bytes, offset_bytes;           /* of an object's ID, and of the offset in it */
    uint64_t block_offset, block_bytes, first; /* where its objects begin */
    const uint8_t *block;                      /* NULL: none */
    struct cursor huge;                        /* records */
};

static int refuse(const struct layout *layout, const struct message_object *object, const char *wrong,
                  struct error *err)
{
    const struct layout_object *of = &layout->objects[object->number];
    return block_refuse(layout, of->path, of->header, wrong, err);
}

/* The records of a B-tree of version 2 that is one leaf. */
static int read_index(struct layout *layout, uint64_t offset, unsigned type, uint64_t record_bytes,
                      struct cursor *records, struct error *err)
{
    enum { LEAF_HEADER_BYTES = 6 };
    static const char what[] = "an index of names";
    struct cursor header;
    if (block_read(layout, offset, INDEX_HEADER_BYTES, "BTHD", &header, err) != 0)
        return err->code;
    uint64_t version = cursor_number(&header, 1), found = cursor_number(&header, 1),
             node_bytes = cursor_number(&header, 4), size = cursor_number(&header, 2),
             depth = cursor_number(&header, 2);
    cursor_take(&header, 2); /* when nodes split and merge */
    uint64_t leaf = cursor_number(&header, 8), count = cursor_number(&header, 2);
    uint64_t used = LEAF_HEADER_BYTES + count * record_bytes;
    *records = (struct cursor){.left = 0};
    if (version != 0 || found != type || size != record_bytes || depth != 0)
        return block_refuse(layout, what, offset, "is not as arete writes it", err);
    if (count == 0)
        return 0;
    if (node_bytes < CHECKSUM_BYTES || used > node_bytes - CHECKSUM_BYTES)
        return block_refuse(layout, what, offset, "has more names than room", err);
    const uint8_t *bytes = block_bytes(layout, leaf, node_bytes, what, err);
    if (bytes == NULL)
        return err->code;
    struct cursor checksum = {.at = bytes + used, .left = CHECKSUM_BYTES};
    if (memcmp(bytes, "BTLF", 4) != 0 || bytes[4] != 0 || bytes[5] != type ||
        !lookup3_is(bytes, used, (uint32_t)cursor_number(&checksum, CHECKSUM_BYTES)))
        return block_refuse(layout, what, leaf, "has a wrong checksum", err);
    *records = (struct cursor){.at = bytes + LEAF_HEADER_BYTES, .left = used - LEAF_HEADER_BYTES};
    return 0;
}

/* The block's checksum stands in its header, and is of the block with zeros in that place. */
static int read_block(struct layout *layout, struct heap *heap, uint64_t header, struct error *err)
{
    static const char what[] = "a block of names";
    uint64_t before = 4 + 1 + 8 + heap->offset_bytes;
    heap->first = before + CHECKSUM_BYTES;
    if (heap->block_bytes < heap->first)
        return block_refuse(layout, what, heap->block_offset, "is too small", err);
    uint8_t *bytes = block_bytes(layout, heap->block_offset, heap->block_bytes, what, err);
    if (bytes == NULL)
        return err->code;
    heap->block = bytes;
    struct cursor cursor = {.at = bytes + 4, .left = heap->first - 4};
    uint64_t version = cursor_number(&cursor, 1), owner = cursor_number(&cursor, 8),
             at = cursor_number(&cursor, heap->offset_bytes);
    uint32_t checksum = (uint32_t)cursor_number(&cursor, CHECKSUM_BYTES);
    memset(bytes + before, 0, CHECKSUM_BYTES);
    if (memcmp(bytes, "FHDB", 4) != 0 || version != 0 || owner != header || at != 0 ||
        !lookup3_is(bytes, heap->block_bytes, checksum))
        return block_refuse(layout, what, heap->block_offset, "has a wrong checksum", err);
    return 0;
}

static int read_heap(struct layout *layout, struct heap *heap, uint64_t offset, struct error *err)
{
    enum { KEY_WRAPPED = 1, WITH_CHECKSUMS = 2, COUNTS_BYTES = 80 };
    static const char what[] = "a heap of names";
    struct cursor header;
    if (block_read(layout, offset, HEAP_HEADER_BYTES, "FRHP", &header, err) != 0)
        return err->code;
    uint64_t version = cursor_number(&header, 1);
    heap->id_bytes = cursor_number(&header, 2);
    uint64_t filter = cursor_number(&header, 2), flags = cursor_number(&header, 1);
    cursor_take(&header, 4 + 8); /* the largest that is not huge; the next key */
    uint64_t huge = cursor_number(&header, 8);
    cursor_take(&header, COUNTS_BYTES + 2); /* of space and objects; the table's width */
    heap->block_bytes = cursor_number(&header, 8);
    cursor_take(&header, 8);
    heap->offset_bytes = (cursor_number(&header, 2) + 7) / 8;
    cursor_take(&header, 2);
    heap->block_offset = cursor_number(&header, 8);
    uint64_t rows = cursor_number(&header, 2);
    if (header.failed || header.left != 0 || version != 0 || filter != 0 ||
        (flags & ~(uint64_t)KEY_WRAPPED) != WITH_CHECKSUMS || rows != 0 || heap->offset_bytes < 1 ||
        heap->offset_bytes > 8 || heap->id_bytes <= 1 + heap->offset_bytes || heap->id_bytes > 16)
        return block_refuse(layout, what, offset, "is not as arete writes it", err);
    int code = huge != BLOCK_NOWHERE
                   ? read_index(layout, huge, HUGE_OBJECTS, HUGE_RECORD_BYTES, &heap->huge, err)
                   : 0;
    return code == 0 && heap->block_offset != BLOCK_NOWHERE ? read_block(layout, heap, offset, err) : code;
}

/* An object that stands alone in the file. */
static int find_huge(struct layout *layout, const struct heap *heap, struct cursor id, struct cursor *body,
                     struct error *err)
{
    static const char what[] = "a large attribute";
    struct cursor records = heap->huge;
    uint64_t key = cursor_number(&id, id.left < 8 ? id.left : 8);
    while (records.left >= HUGE_RECORD_BYTES) {
        uint64_t offset = cursor_number(&records, 8), bytes = cursor_number(&records, 8);
        if (cursor_number(&records, 8) != key)
            continue;
        const uint8_t *block = block_bytes(layout, offset, bytes, what, err);
        *body = (struct cursor){.at = block, .left = bytes};
        return block != NULL ? 0 : err->code;
    }
    return block_refuse(layout, what, heap->block_offset, "is not in its index", err);
}

static int find_object(struct layout *layout, const struct heap *heap, struct cursor id, struct cursor *body,
                       struct error *err)
{
    enum { IN_BLOCK = 0x00, HUGE = 0x10 };
    uint64_t kind = cursor_number(&id, 1);
    if (kind == HUGE)
        return find_huge(layout, heap, id, body, err);
    uint64_t offset = cursor_number(&id, heap->offset_bytes), bytes = cursor_number(&id, id.left);
    if (kind != IN_BLOCK || heap->block == NULL || bytes > heap->block_bytes || offset < heap->first ||
        offset > heap->block_bytes - bytes)
        return block_refuse(layout, "a name in the block", heap->block_offset, "is not inside it", err);
    *body = (struct cursor){.at = heap->block + offset, .left = bytes};
    return 0;
}

int dense_read(struct layout *layout, struct message_object *object, enum message_type kind, uint64_t offset,
               uint64_t names, struct error *err)
{
    bool links = kind == MESSAGE_LINK;
    uint64_t record_bytes = links ? LINK_RECORD_BYTES : ATTRIBUTE_RECORD_BYTES;
    struct heap heap = {0};
    struct cursor records, body;
    int code = read_heap(layout, &heap, offset, err);
    if (code == 0)
        code = read_index(layout, names, links ? LINKS_BY_NAME : ATTRIBUTES_BY_NAME, record_bytes, &records,
                          err);
    if (code != 0)
        return code;
    if (heap.id_bytes != (links ? record_bytes - 4 : record_bytes - 9))
        return refuse(layout, object, "has names of another kind than arete writes", err);
    while (code == 0 && records.left > 0) {
        if (links)
            cursor_take(&records, 4); /* of the name, by which HDF5 finds it */
        struct cursor id = cursor_take(&records, heap.id_bytes);
        if (!links)
            cursor_take(&records, 9);
        code = find_object(layout, &heap, id, &body, err);
        if (code == 0)
            code = message_read(layout, object, kind, body, err);
    }
    return code;
}
