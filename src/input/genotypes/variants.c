#include "input/genotypes/variants.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* The number of a chromosome's name, which is mostly that of the variant before. */
static int number_chromosome(struct variants *variants, const char *name, uint32_t *number, struct error *err)
{
    if (variants->count > 0) {
        *number = variants->entries[variants->count - 1].chromosome;
        if (strcmp(variants->chromosomes.names.items[*number], name) == 0)
            return 0;
    }
    return name_table_number(&variants->chromosomes, name, number, err);
}

static char *copy_text(char *to, const char *text, size_t bytes)
{
    return (char *)memcpy(to, text, bytes) + bytes;
}

int variants_add(struct variants *variants, const struct variant *variant, struct error *err)
{
    size_t id = strlen(variant->id) + 1, counted = strlen(variant->counted) + 1,
           other = strlen(variant->other) + 1, needed = variants->text_bytes + id + counted + other;
    char *texts = memory_grow(variants->texts, &variants->text_capacity, needed, 1, "the SNPs' IDs", err);
    if (texts == NULL)
        return err->code;
    variants->texts = texts;
    struct variant_entry *entries = memory_grow(variants->entries, &variants->capacity, variants->count + 1,
                                                sizeof *entries, "the SNPs", err);
    if (entries == NULL)
        return err->code;
    variants->entries = entries;
    uint32_t chromosome;
    if (number_chromosome(variants, variant->chromosome, &chromosome, err) != 0)
        return err->code;
    entries[variants->count++] = (struct variant_entry){
        .start = variants->text_bytes, .position = variant->position, .chromosome = chromosome};
    char *end = copy_text(texts + variants->text_bytes, variant->id, id);
    end = copy_text(end, variant->counted, counted);
    copy_text(end, variant->other, other);
    variants->text_bytes = needed;
    return 0;
}

/* Memory that cannot be made smaller stays as it is. */
static void *trim(void *array, size_t *capacity, size_t count, size_t size)
{
    void *trimmed = count > 0 && count < *capacity ? realloc(array, count * size) : NULL;
    if (trimmed == NULL)
        return array;
    *capacity = count;
    return trimmed;
}

void variants_trim(struct variants *variants)
{
    variants->entries =
        trim(variants->entries, &variants->capacity, variants->count, sizeof *variants->entries);
    variants->texts = trim(variants->texts, &variants->text_capacity, variants->text_bytes, 1);
}

void variants_free(struct variants *variants)
{
    free(variants->entries);
    free(variants->texts);
    name_table_free(&variants->chromosomes);
    *variants = (struct variants){0};
}

struct variant variants_get(const struct variants *variants, size_t k)
{
    const struct variant_entry *entry = &variants->entries[k];
    const char *id = variants->texts + entry->start;
    const char *counted = id + strlen(id) + 1;
    return (struct variant){.id = id,
                            .chromosome = variants->chromosomes.names.items[entry->chromosome],
                            .counted = counted,
                            .other = counted + strlen(counted) + 1,
                            .position = entry->position};
}

uint64_t variants_hash(const struct variants *variants)
{
    uint64_t hash = 0;
    for (size_t c = 0; c < variants->chromosomes.names.count; c++) {
        const char *name = variants->chromosomes.names.items[c];
        hash = XXH3_64bits_withSeed(name, strlen(name) + 1, hash);
    }
    if (variants->count == 0)
        return hash;
    hash = XXH3_64bits_withSeed(variants->entries, variants->count * sizeof *variants->entries, hash);
    return XXH3_64bits_withSeed(variants->texts, variants->text_bytes, hash);
}
