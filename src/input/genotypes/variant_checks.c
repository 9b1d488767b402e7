#include "input/genotypes/variant_checks.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <xxhash.h>

static const char *plain(const char *chromosome)
{
    return strncasecmp(chromosome, "chr", 3) == 0 ? chromosome + 3 : chromosome;
}

static bool are_same(const struct variants *variants, size_t i, size_t j)
{
    struct variant a = variants_get(variants, i), b = variants_get(variants, j);
    return a.position == b.position && strcmp(a.id, b.id) == 0 &&
           strcasecmp(plain(a.chromosome), plain(b.chromosome)) == 0 &&
           ((strcmp(a.counted, b.counted) == 0 && strcmp(a.other, b.other) == 0) ||
            (strcmp(a.counted, b.other) == 0 && strcmp(a.other, b.counted) == 0));
}

static void add(struct variant_repeats *repeats, size_t first, size_t second)
{
    if (repeats->count++ == 0) {
        repeats->first = first;
        repeats->second = second;
    }
}

/* A variant of which too little is known to say that it is another one. */
static bool is_unknown(const struct variants *variants, size_t k)
{
    return variants->entries[k].position <= 0 && strcmp(variants_get(variants, k).id, ".") == 0;
}

static int number_one(struct name_table *plain_names, const char *name, uint32_t *number, struct error *err)
{
    char *lower = memory_string(plain(name), err);
    if (lower == NULL)
        return err->code;
    for (char *at = lower; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    int code = name_table_number(plain_names, lower, number, err);
    free(lower);
    return code;
}

/* number[c] is the same for chromosomes whose names differ in case or in a "chr" in front. */
static uint32_t *number_chromosomes(const struct text_list *names, struct error *err)
{
    struct name_table plain_names = {0};
    uint32_t *number = memory_zeroed(names->count, sizeof *number, "the chromosomes", err);
    for (size_t c = 0; number != NULL && c < names->count; c++)
        if (number_one(&plain_names, names->items[c], &number[c], err) != 0) {
            free(number);
            number = NULL;
        }
    name_table_free(&plain_names);
    return number;
}

/* Whether equal variants can only be neighbours: each chromosome in one place, positions going up, and not
 * many at one. */
static int check_order(const struct variants *variants, const uint32_t *number, bool *sorted,
                       struct error *err)
{
    enum { MOST_AT_ONE = 16 };
    const struct variant_entry *entries = variants->entries;
    bool *met = memory_zeroed(variants->chromosomes.names.count, sizeof *met, "the chromosomes", err);
    if (met == NULL)
        return err->code;
    size_t n_here = 0;
    *sorted = true;
    for (size_t k = 0; *sorted && k < variants->count; k++) {
        bool goes_on = k > 0 && entries[k].chromosome == entries[k - 1].chromosome;
        n_here = goes_on && entries[k].position == entries[k - 1].position ? n_here + 1 : 1;
        *sorted = n_here <= MOST_AT_ONE && (goes_on ? entries[k].position >= entries[k - 1].position
                                                    : !met[number[entries[k].chromosome]]);
        met[number[entries[k].chromosome]] = true;
    }
    free(met);
    return 0;
}

static void compare_neighbours(const struct variants *variants, struct variant_repeats *repeats)
{
    const struct variant_entry *entries = variants->entries;
    for (size_t k = 1; k < variants->count; k++)
        for (size_t before = k; before-- > 0 && entries[before].position == entries[k].position &&
                                entries[before].chromosome == entries[k].chromosome;)
            if (!is_unknown(variants, k) && are_same(variants, before, k)) {
                add(repeats, before, k);
                break;
            }
}

/* Equal where are_same is true. */
static uint64_t hash_of(const struct variants *variants, const uint32_t *number, size_t k)
{
    const struct variant_entry *entry = &variants->entries[k];
    const struct variant variant = variants_get(variants, k);
    uint64_t seed = (uint64_t)number[entry->chromosome] << 32 | (uint32_t)entry->position;
    uint64_t alleles = XXH3_64bits(variant.counted, strlen(variant.counted)) +
                       XXH3_64bits(variant.other, strlen(variant.other));
    return XXH3_64bits_withSeed(variant.id, strlen(variant.id), seed) + alleles;
}

/* A table of places, each of which leads to a variant, or is empty: 0. */
static int look_up_all(const struct variants *variants, const uint32_t *number,
                       struct variant_repeats *repeats, struct error *err)
{
    size_t n_places = 16;
    while (n_places < 2 * variants->count)
        n_places *= 2;
    uint32_t *places = memory_zeroed(n_places, sizeof *places, "a table of SNPs", err);
    if (places == NULL)
        return err->code;
    for (size_t k = 0; k < variants->count; k++) {
        if (is_unknown(variants, k))
            continue;
        size_t place = (size_t)hash_of(variants, number, k) & (n_places - 1);
        while (places[place] != 0 && !are_same(variants, places[place] - 1, k))
            place = (place + 1) & (n_places - 1);
        if (places[place] != 0)
            add(repeats, places[place] - 1, k);
        else
            places[place] = (uint32_t)(k + 1);
    }
    free(places);
    return 0;
}

int variant_checks_repeats(const struct variants *variants, struct variant_repeats *repeats,
                           struct error *err)
{
    bool sorted = false;
    *repeats = (struct variant_repeats){0};
    if (variants->count >= UINT32_MAX) /* more than a place can tell apart: not looked for */
        return 0;
    uint32_t *number = number_chromosomes(&variants->chromosomes.names, err);
    if (number == NULL)
        return err->code;
    int code = check_order(variants, number, &sorted, err);
    if (code == 0 && sorted)
        compare_neighbours(variants, repeats);
    if (code == 0 && !sorted)
        code = look_up_all(variants, number, repeats, err);
    free(number);
    return code;
}

enum { FIRST_SEX_LINKED = 23, LAST_SEX_LINKED = 26 };

static bool is_sex_linked(const char *chromosome, int64_t highest)
{
    static const char *const names[] = {"X", "Y", "XY", "M", "MT"};
    int64_t number;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcasecmp(plain(chromosome), names[k]) == 0)
            return true;
    return highest <= LAST_SEX_LINKED && text_to_int64(plain(chromosome), &number) &&
           number >= FIRST_SEX_LINKED && number <= LAST_SEX_LINKED;
}

size_t variant_checks_sex_linked(const struct variants *variants, size_t *example)
{
    const struct text_list *names = &variants->chromosomes.names;
    int64_t highest = 0, number;
    size_t count = 0;
    for (size_t c = 0; c < names->count; c++)
        if (text_to_int64(plain(names->items[c]), &number) && number > highest)
            highest = number;
    bool linked = false;
    for (size_t k = variants->count; k-- > 0;) {
        uint32_t c = variants->entries[k].chromosome;
        if (k + 1 == variants->count || variants->entries[k + 1].chromosome != c)
            linked = is_sex_linked(names->items[c], highest);
        if (linked) {
            *example = k;
            count++;
        }
    }
    return count;
}
