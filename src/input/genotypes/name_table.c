#include "input/genotypes/name_table.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { FEWEST_PLACES = 16 };

/* Where a name stands, or the empty place where it would. */
static uint32_t *place_of(const struct name_table *table, const char *name)
{
    size_t place = (size_t)XXH3_64bits(name, strlen(name)) & (table->n_places - 1);
    while (table->places[place] != 0 && strcmp(table->names.items[table->places[place] - 1], name) != 0)
        place = (place + 1) & (table->n_places - 1);
    return &table->places[place];
}

/* Twice the places, with the names in them anew. */
static int grow(struct name_table *table, struct error *err)
{
    size_t n_places = table->n_places > 0 ? 2 * table->n_places : FEWEST_PLACES;
    uint32_t *places = memory_zeroed(n_places, sizeof *places, "a table of names", err);
    if (places == NULL)
        return err->code;
    free(table->places);
    table->places = places;
    table->n_places = n_places;
    for (size_t k = 0; k < table->names.count; k++)
        *place_of(table, table->names.items[k]) = (uint32_t)(k + 1);
    return 0;
}

int name_table_number(struct name_table *table, const char *name, uint32_t *number, struct error *err)
{
    if (2 * (table->names.count + 1) > table->n_places && grow(table, err) != 0)
        return err->code;
    uint32_t *place = place_of(table, name);
    if (*place == 0) {
        if (text_list_add(&table->names, name, err) != 0)
            return err->code;
        *place = (uint32_t)table->names.count;
    }
    *number = *place - 1;
    return 0;
}

void name_table_free(struct name_table *table)
{
    text_list_free(&table->names);
    free(table->places);
    *table = (struct name_table){0};
}
