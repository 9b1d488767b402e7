#include "tasks/maximum_part.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

int maximum_part_init(struct maximum_part *part, const char *path, uint64_t study, struct error *err)
{
    *part = (struct maximum_part){.path = path, .saved_at = clock_seconds()};
    if (path != NULL && block_file_read(path, study, &part->state, &part->values, err) != 0)
        return err->code;
    part->state.study = study;
    return 0;
}

void maximum_part_free(struct maximum_part *part)
{
    free(part->values);
    part->values = NULL;
}

int64_t maximum_part_units(const struct maximum_part *part, int64_t unit, const bool *done, int64_t n_units)
{
    const struct block_state *state = &part->state;
    if (part->values == NULL || state->first_unit != unit || state->n_units <= 0 ||
        state->n_units > n_units - unit)
        return 0;
    for (int64_t u = unit; u < unit + state->n_units; u++)
        if (done[u])
            return 0;
    return state->n_units;
}

size_t maximum_part_begin(struct maximum_part *part, int64_t first, int64_t n_units, size_t n_tiles,
                          size_t n_floats, float *largest)
{
    struct block_state *state = &part->state;
    bool goes_on = part->values != NULL && state->first_unit == first && state->n_units == n_units &&
                   state->n_floats == n_floats && state->n_places == n_tiles && state->place <= n_tiles;
    size_t begin = goes_on ? state->place : 0;
    if (goes_on)
        memcpy(largest, part->values, n_floats * sizeof *largest);
    maximum_part_free(part);
    state->first_unit = first;
    state->n_units = n_units;
    state->place = begin;
    state->n_places = n_tiles;
    state->n_floats = n_floats;
    part->saved_at = clock_seconds();
    return begin;
}

bool maximum_part_is_due(const struct maximum_part *part)
{
    return part->path != NULL && clock_seconds() - part->saved_at > MAXIMUM_PART_EVERY_S;
}

int maximum_part_save(struct maximum_part *part, size_t n_done, float *const *largest, size_t n_workers,
                      struct error *err)
{
    if (part->path == NULL || n_done == part->state.place)
        return 0;
    for (size_t w = 1; w < n_workers; w++)
        for (size_t k = 0; k < part->state.n_floats; k++)
            largest[0][k] = largest[w][k] > largest[0][k] ? largest[w][k] : largest[0][k];
    part->state.place = n_done;
    part->saved_at = clock_seconds();
    return block_file_write(part->path, &part->state, largest[0], err);
}

int maximum_part_end(struct maximum_part *part, struct error *err)
{
    return part->path != NULL ? block_file_remove(part->path, err) : 0;
}
