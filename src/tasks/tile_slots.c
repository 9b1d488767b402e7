#include "tasks/tile_slots.h"

#include "base/memory.h"
#include "tasks/handles.h"

#include <stdlib.h>

static void register_floats(starpu_data_handle_t *handle, const float *array, size_t n_rows, size_t columns)
{
    handles_register_matrix(handle, array, n_rows, columns, columns, sizeof *array);
}

static int tile_slot_init(struct tile_slot *slot, size_t n, size_t n_outer, size_t n_penalties,
                          size_t columns, struct error *err)
{
    slot->gathered = memory_aligned(n * columns, sizeof(float), "a column tile", err);
    slot->baseline = memory_aligned(n_outer * columns, sizeof(float), "a column tile's sums", err);
    slot->sums = memory_zeroed(n_penalties, sizeof *slot->sums, "a column tile's sums", err);
    slot->sums_handles = memory_zeroed(n_penalties, sizeof *slot->sums_handles, "a column tile's sums", err);
    for (size_t k = 0; err->code == 0 && k < n_penalties; k++)
        slot->sums[k] = memory_aligned(2 * n_outer * columns, sizeof(float), "a column tile's sums", err);
    if (err->code != 0)
        return err->code;
    register_floats(&slot->gathered_handle, slot->gathered, n, columns);
    register_floats(&slot->baseline_handle, slot->baseline, n_outer, columns);
    for (size_t k = 0; k < n_penalties; k++)
        register_floats(&slot->sums_handles[k], slot->sums[k], 2 * n_outer, columns);
    return 0;
}

int tile_slots_init(struct tile_slots *tiles, size_t n_slots, size_t n, size_t n_outer, size_t n_penalties,
                    size_t columns, struct error *err)
{
    *tiles = (struct tile_slots){.n_slots = n_slots, .n_penalties = n_penalties};
    tiles->slots = memory_zeroed(n_slots, sizeof *tiles->slots, "column tiles", err);
    for (size_t s = 0; err->code == 0 && s < n_slots; s++)
        tile_slot_init(&tiles->slots[s], n, n_outer, n_penalties, columns, err);
    return err->code;
}

static void tile_slot_free(struct tile_slot *slot, size_t n_penalties)
{
    handles_unregister(&slot->gathered_handle, 1);
    handles_unregister(&slot->baseline_handle, 1);
    handles_unregister(slot->sums_handles, n_penalties);
    for (size_t k = 0; slot->sums != NULL && k < n_penalties; k++)
        free(slot->sums[k]);
    free(slot->sums);
    free(slot->sums_handles);
    free(slot->gathered);
    free(slot->baseline);
}

void tile_slots_free(struct tile_slots *tiles)
{
    for (size_t s = 0; tiles->slots != NULL && s < tiles->n_slots; s++)
        tile_slot_free(&tiles->slots[s], tiles->n_penalties);
    free(tiles->slots);
    *tiles = (struct tile_slots){0};
}

size_t block_slot_first_column(const struct ridge_tiling *tiling, size_t tile)
{
    size_t first, count, unit = tile / tiling->n_slices;
    ridge_tiling_slice(tiling, tile % tiling->n_slices, &first, &count);
    return unit * tiling->unit_permutations * tiling->n_targets + first;
}

/* A handle for the numbers of each tile's columns; of_column numbers of `bytes` bytes. */
static starpu_data_handle_t *register_tiles(const struct block_shape *shape, const void *array,
                                            size_t of_column, size_t bytes, struct error *err)
{
    const struct ridge_tiling *tiling = shape->tiling;
    size_t n_tiles = shape->n_units * tiling->n_slices;
    starpu_data_handle_t *tiles = memory_zeroed(n_tiles, sizeof *tiles, "a block of scores", err);
    for (size_t tile = 0; tiles != NULL && tile < n_tiles; tile++)
        handles_register_vector(
            &tiles[tile], (const char *)array + block_slot_first_column(tiling, tile) * of_column * bytes,
            ridge_tiling_columns(tiling, tile % tiling->n_slices) * of_column, bytes);
    return tiles;
}

static int init_from(struct block_slot *block, const struct block_shape *shape, size_t columns,
                     struct error *err)
{
    block->from = memory_aligned(columns * shape->from, sizeof *block->from, "a block of sums", err);
    if (block->from == NULL)
        return err->code;
    if (shape->from_travels)
        block->from_tiles = register_tiles(shape, block->from, shape->from, sizeof *block->from, err);
    else
        starpu_void_data_register(&block->loaded);
    return err->code;
}

int block_slot_init(struct block_slot *block, const struct block_shape *shape, struct error *err)
{
    const struct ridge_tiling *tiling = shape->tiling;
    size_t columns = shape->n_units * tiling->unit_permutations * tiling->n_targets;
    *block = (struct block_slot){.n_tiles = shape->n_units * tiling->n_slices};
    if (shape->sums > 0)
        block->sums = memory_aligned(columns * shape->sums, sizeof *block->sums, "a block of sums", err);
    else
        block->rows = memory_aligned(columns, sizeof *block->rows, "a block of scores", err);
    if (err->code != 0)
        return err->code;
    block->tiles = shape->sums > 0 ? register_tiles(shape, block->sums, shape->sums, sizeof(double), err)
                                   : register_tiles(shape, block->rows, 1, sizeof(float), err);
    return err->code == 0 && shape->from > 0 ? init_from(block, shape, columns, err) : err->code;
}

void block_slot_free(struct block_slot *block)
{
    handles_unregister(block->tiles, block->n_tiles);
    handles_unregister(block->from_tiles, block->n_tiles);
    handles_unregister(&block->loaded, 1);
    free(block->tiles);
    free(block->from_tiles);
    free(block->rows);
    free(block->sums);
    free(block->from);
    *block = (struct block_slot){0};
}
