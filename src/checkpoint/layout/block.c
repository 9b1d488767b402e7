#include "checkpoint/layout/block.h"

#include "base/durable.h"
#include "base/memory.h"
#include "checkpoint/layout/lookup3.h"

#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_BYTES = 4, CHECKSUM_BYTES = 4 };

int block_refuse(const struct layout *layout, const char *what, uint64_t offset, const char *wrong,
                 struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED, "%s: is damaged: %s at byte %llu %s", layout->file.path, what,
                     (unsigned long long)offset, wrong);
}

int block_claim(struct layout *layout, uint64_t offset, uint64_t bytes, const char *what, struct error *err)
{
    if (bytes > layout->file.bytes || offset > layout->file.bytes - bytes)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: %s is damaged: its bytes are not in the file's %llu as one piece",
                         layout->file.path, what, (unsigned long long)layout->file.bytes);
    const struct layout_extent mine = {offset, offset + bytes};
    for (size_t k = 0; k < layout->n_extents; k++)
        if (mine.from < layout->extents[k].end && layout->extents[k].from < mine.end)
            return block_refuse(layout, what, offset, "takes bytes that belong to something else", err);
    struct layout_extent *extents = memory_grow(layout->extents, &layout->extents_room, layout->n_extents + 1,
                                                sizeof *extents, "the file's structure", err);
    if (extents == NULL)
        return err->code;
    layout->extents = extents;
    layout->extents[layout->n_extents++] = mine;
    return 0;
}

/* A block of its own, released with the layout. */
static uint8_t *new_block(struct layout *layout, size_t bytes, struct error *err)
{
    void **blocks = memory_grow(layout->blocks, &layout->blocks_room, layout->n_blocks + 1, sizeof *blocks,
                                "the file's structure", err);
    if (blocks == NULL)
        return NULL;
    layout->blocks = blocks;
    uint8_t *block = memory_zeroed(bytes, 1, "the file's structure", err);
    if (block != NULL)
        layout->blocks[layout->n_blocks++] = block;
    return block;
}

uint8_t *block_bytes(struct layout *layout, uint64_t offset, uint64_t bytes, const char *what,
                     struct error *err)
{
    if (bytes > BLOCK_BYTES_MOST - layout->block_bytes) {
        block_refuse(layout, what, offset, "is larger than any that arete writes", err);
        return NULL;
    }
    if (block_claim(layout, offset, bytes, what, err) != 0)
        return NULL;
    layout->block_bytes += bytes;
    uint8_t *block = new_block(layout, bytes, err);
    if (block == NULL ||
        durable_read(layout->file.descriptor, layout->file.path, block, bytes, offset, err) != 0)
        return NULL;
    return block;
}

int block_read(struct layout *layout, uint64_t offset, uint64_t bytes, const char *signature,
               struct cursor *content, struct error *err)
{
    if (bytes < SIGNATURE_BYTES + CHECKSUM_BYTES)
        return block_refuse(layout, signature, offset, "is too small", err);
    const uint8_t *block = block_bytes(layout, offset, bytes, signature, err);
    if (block == NULL)
        return err->code;
    size_t covered = bytes - CHECKSUM_BYTES;
    struct cursor checksum = {.at = block + covered, .left = CHECKSUM_BYTES};
    if (memcmp(block, signature, SIGNATURE_BYTES) != 0)
        return block_refuse(layout, signature, offset, "is not there", err);
    if (!lookup3_is(block, covered, (uint32_t)cursor_number(&checksum, CHECKSUM_BYTES)))
        return block_refuse(layout, signature, offset, "has a wrong checksum", err);
    *content = (struct cursor){.at = block + SIGNATURE_BYTES, .left = covered - SIGNATURE_BYTES};
    return 0;
}
