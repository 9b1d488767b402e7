/* Names, each once and numbered in the order they were met: found by a hash, as a file may have very many. */
#ifndef ARETE_INPUT_GENOTYPES_NAME_TABLE_H
#define ARETE_INPUT_GENOTYPES_NAME_TABLE_H

#include "base/error.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/* All zeros is none. */
struct name_table {
    struct text_list names;
    uint32_t *places; /* a power of 2, at most half of them taken: 1 + the number of a name, or 0 */
    size_t n_places;
};

/* The number of a name, which is added if it is new. */
int name_table_number(struct name_table *table, const char *name, uint32_t *number, struct error *err);
void name_table_free(struct name_table *table);

#endif
