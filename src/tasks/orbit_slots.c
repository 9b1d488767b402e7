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

/* Places of the identity's orbit that a block may have: the first ones. */
static size_t state_places(const struct orbit_block_shape *shape)
{
    const struct orbit_tiling *tiling = shape->tiling;
    size_t units = shape->n_units < tiling->n_slices ? shape->n_units : tiling->n_slices;
    return units * tiling->slice_targets;
}

/* Group h of a block: its first row, and how many; 0 in the last tile when that is not full. */
static size_t group_rows(const struct orbit_block_shape *shape, size_t h, size_t *first)
{
    size_t n_rows = shape->n_units * orbit_tiling_unit_rows(shape->tiling),
           tile_rows = orbit_slots_tile_rows(shape->tiling), of_tile = orbit_slots_groups(tile_rows);
    size_t in_tile = h % of_tile * ORBIT_LANES;
    size_t count = tile_rows - in_tile < ORBIT_LANES ? tile_rows - in_tile : ORBIT_LANES;
    *first = h / of_tile * tile_rows + in_tile;
    if (*first >= n_rows)
        return 0;
    return n_rows - *first < count ? n_rows - *first : count;
}

static size_t count_groups(const struct orbit_block_shape *shape)
{
    size_t n_rows = shape->n_units * orbit_tiling_unit_rows(shape->tiling),
           tile_rows = orbit_slots_tile_rows(shape->tiling);
    return (n_rows + tile_rows - 1) / tile_rows * orbit_slots_groups(tile_rows);
}

static int allocate_part(struct orbit_block_part *part, const struct orbit_block_shape *shape, size_t row,
                         size_t state, struct error *err)
{
    static const char what[] = "a block of scores";
    size_t n_rows = shape->n_units * orbit_tiling_unit_rows(shape->tiling);
    part->rows = memory_aligned(n_rows * row, sizeof *part->rows, what, err);
    part->state = memory_aligned(state_places(shape) * state, sizeof *part->state, what, err);
    return err->code;
}

static int register_rows(struct orbit_block_part *part, const struct orbit_block_shape *shape, size_t row,
                         struct error *err)
{
    size_t n_handles = count_groups(shape), first;
    part->row_handles = memory_zeroed(n_handles, sizeof *part->row_handles, "a block of scores", err);
    for (size_t h = 0; err->code == 0 && h < n_handles; h++) {
        size_t count = group_rows(shape, h, &first);
        if (count > 0)
            handles_register_vector(&part->row_handles[h], part->rows + first * row, count * row,
                                    sizeof *part->rows);
    }
    return err->code;
}

/* A place of the identity's orbit has the number of its row. */
static int register_states(struct orbit_block_part *part, const struct orbit_block_shape *shape, size_t state,
                           struct error *err)
{
    size_t n_handles = count_groups(shape), places = state_places(shape), first;
    part->state_handles = memory_zeroed(n_handles, sizeof *part->state_handles, "a block of scores", err);
    for (size_t h = 0; err->code == 0 && h < n_handles; h++) {
        size_t count = group_rows(shape, h, &first), left = places > first ? places - first : 0;
        count = left < count ? left : count;
        if (count > 0)
            handles_register_vector(&part->state_handles[h], part->state + first * state, count * state,
                                    sizeof *part->state);
    }
    return err->code;
}

int orbit_block_slot_init(struct orbit_block_slot *block, const struct orbit_block_shape *shape,
                          struct error *err)
{
    *block = (struct orbit_block_slot){.n_handles = count_groups(shape)};
    if (allocate_part(&block->own, shape, shape->row, shape->state, err) != 0 ||
        register_rows(&block->own, shape, shape->row, err) != 0 ||
        (shape->travels && register_states(&block->own, shape, shape->state, err) != 0) ||
        shape->from_row == 0 ||
        allocate_part(&block->from, shape, shape->from_row, shape->from_state, err) != 0)
        return err->code;
    if (!shape->from_travels)
        starpu_void_data_register(&block->loaded);
    else if (register_rows(&block->from, shape, shape->from_row, err) == 0)
        register_states(&block->from, shape, shape->from_state, err);
    return err->code;
}

static void free_part(struct orbit_block_part *part, size_t n_handles)
{
    handles_unregister(part->row_handles, n_handles);
    handles_unregister(part->state_handles, n_handles);
    free(part->row_handles);
    free(part->state_handles);
    free(part->rows);
    free(part->state);
}

void orbit_block_slot_free(struct orbit_block_slot *block)
{
    free_part(&block->own, block->n_handles);
    free_part(&block->from, block->n_handles);
    handles_unregister(&block->loaded, 1);
    *block = (struct orbit_block_slot){0};
}
