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

int block_slot_init(struct block_slot *block, const struct ridge_tiling *tiling, size_t n_units,
                    struct error *err)
{
    size_t n_slices = tiling->n_slices, unit_scores = tiling->unit_permutations * tiling->n_targets;
    *block = (struct block_slot){.n_tiles = n_units * n_slices};
    block->rows = memory_aligned(n_units * unit_scores, sizeof(float), "a block of scores", err);
    block->tiles = memory_zeroed(block->n_tiles, sizeof *block->tiles, "a block of scores", err);
    if (err->code != 0)
        return err->code;
    for (size_t tile = 0; tile < block->n_tiles; tile++) {
        size_t first, count, unit = tile / n_slices, slice = tile % n_slices;
        ridge_tiling_slice(tiling, slice, &first, &count);
        handles_register_vector(&block->tiles[tile], block->rows + unit * unit_scores + first,
                                ridge_tiling_columns(tiling, slice), sizeof *block->rows);
    }
    return 0;
}

void block_slot_free(struct block_slot *block)
{
    handles_unregister(block->tiles, block->n_tiles);
    free(block->tiles);
    free(block->rows);
    *block = (struct block_slot){0};
}
