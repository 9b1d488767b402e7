#include "tasks/maximum_part.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

int maximum_part_init(struct maximum_part *part, const char *path, uint64_t study, struct error *err)
{
    *part = (struct maximum_part){.path = path, .saved_at = clock_seconds()};
    if (block_file_read(path, study, &part->state, &part->values, err) != 0)
        return err->code;
    part->state.study = study;
    return 0;
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
    free(part->values);
    part->values = NULL;
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
    return clock_seconds() - part->saved_at > MAXIMUM_PART_EVERY_S;
}

int maximum_part_save(struct maximum_part *part, size_t n_done, float *const *largest, size_t n_workers,
                      struct error *err)
{
    if (n_done == part->state.place)
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
    return block_file_remove(part->path, err);
}
