#include "tasks/orbit_slots.h"

#include "base/memory.h"
#include "model/orbits/orbit_tile.h"
#include "tasks/handles.h"

#include <stdlib.h>

static int tile_slot_init(struct orbit_tile_slot *slot, const struct study_forms *forms, size_t n_groups,
                          struct error *err)
{
    size_t spectra = orbit_tile_spectra_floats(forms->engine, n_groups);
    size_t sums = orbit_tile_sums_floats(forms->engine, forms->forms.count, n_groups);
    slot->spectra = memory_aligned(spectra, sizeof *slot->spectra, "a tile's spectra", err);
    slot->sums = memory_aligned(sums, sizeof *slot->sums, "a tile's sums", err);
    slot->bands = memory_zeroed(forms->n_bands, sizeof *slot->bands, "a tile's sums", err);
    if (err->code != 0)
        return err->code;
    handles_register_vector(&slot->spectra_handle, slot->spectra, spectra, sizeof *slot->spectra);
    for (size_t b = 0; b < forms->n_bands; b++) /* a band's sums stand in many places */
        starpu_void_data_register(&slot->bands[b]);
    return 0;
}

int orbit_tile_slots_init(struct orbit_tile_slots *tiles, const struct study_forms *forms, size_t count,
                          size_t n_groups, struct error *err)
{
    *tiles = (struct orbit_tile_slots){.forms = forms, .count = count};
    tiles->slots = memory_zeroed(count, sizeof *tiles->slots, "column tiles", err);
    for (size_t s = 0; err->code == 0 && s < count; s++)
        tile_slot_init(&tiles->slots[s], forms, n_groups, err);
    return err->code;
}

void orbit_tile_slots_free(struct orbit_tile_slots *tiles)
{
    for (size_t s = 0; tiles->slots != NULL && s < tiles->count; s++) {
        struct orbit_tile_slot *slot = &tiles->slots[s];
        handles_unregister(&slot->spectra_handle, 1);
        handles_unregister(slot->bands, tiles->forms->n_bands);
        free(slot->bands);
        free(slot->spectra);
        free(slot->sums);
    }
    free(tiles->slots);
    *tiles = (struct orbit_tile_slots){0};
}

size_t orbit_slots_tile_rows(const struct orbit_tiling *tiling)
{
    return orbit_tiling_tile_units(tiling) * orbit_tiling_unit_rows(tiling);
}

size_t orbit_slots_groups(size_t n_rows)
{
    return orbit_tile_groups(n_rows);
}

/* Places of the identity's orbit that a block may have. */
static size_t state_places(const struct orbit_block_shape *shape)
{
    const struct orbit_tiling *tiling = shape->tiling;
    size_t units = shape->n_units < tiling->n_slices ? shape->n_units : tiling->n_slices;
    return units * tiling->slice_targets;
}

static int allocate(struct orbit_block_slot *block, const struct orbit_block_shape *shape, size_t n_rows,
                    struct error *err)
{
    static const char what[] = "a block of scores";
    size_t places = state_places(shape);
    block->rows = memory_aligned(n_rows * shape->row, sizeof *block->rows, what, err);
    block->state = memory_aligned(places * shape->state, sizeof *block->state, what, err);
    block->handles = memory_zeroed(block->n_handles, sizeof *block->handles, what, err);
    if (err->code != 0 || shape->from_row == 0)
        return err->code;
    block->from_rows = memory_aligned(n_rows * shape->from_row, sizeof *block->from_rows, what, err);
    block->from_state = memory_aligned(places * shape->from_state, sizeof *block->from_state, what, err);
    if (err->code == 0)
        starpu_void_data_register(&block->from);
    return err->code;
}

int orbit_block_slot_init(struct orbit_block_slot *block, const struct orbit_block_shape *shape,
                          struct error *err)
{
    size_t n_rows = shape->n_units * orbit_tiling_unit_rows(shape->tiling),
           tile_rows = orbit_slots_tile_rows(shape->tiling);
    size_t n_tiles = (n_rows + tile_rows - 1) / tile_rows, of_tile = orbit_slots_groups(tile_rows);
    *block = (struct orbit_block_slot){.n_handles = n_tiles * of_tile};
    if (allocate(block, shape, n_rows, err) != 0)
        return err->code;
    for (size_t h = 0; h < block->n_handles; h++) {
        size_t in_tile = h % of_tile * ORBIT_LANES, first = h / of_tile * tile_rows + in_tile;
        size_t count = tile_rows - in_tile < ORBIT_LANES ? tile_rows - in_tile : ORBIT_LANES;
        if (first >= n_rows) /* the last tile is not full */
            continue;
        count = n_rows - first < count ? n_rows - first : count;
        handles_register_vector(&block->handles[h], block->rows + first * shape->row, count * shape->row,
                                sizeof *block->rows);
    }
    return 0;
}

void orbit_block_slot_free(struct orbit_block_slot *block)
{
    if (block->handles != NULL)
        handles_unregister(block->handles, block->n_handles);
    handles_unregister(&block->from, 1);
    free(block->handles);
    free(block->rows);
    free(block->state);
    free(block->from_rows);
    free(block->from_state);
    *block = (struct orbit_block_slot){0};
}
