#include "input/genotypes/variant_sink.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LAST_AUTOSOME = 22 };

static bool is_autosome(const char *chromosome)
{
    if (strncasecmp(chromosome, "chr", 3) == 0)
        chromosome += 3;
    int64_t number;
    return text_to_int64(chromosome, &number) && number >= 1 && number <= LAST_AUTOSOME;
}

/* Variants of one chromosome stand together: mostly the answer is that of the one before. */
static bool is_on_autosome(struct variant_sink *sink, const char *chromosome)
{
    if (sink->chromosome[0] != '\0' && strcmp(sink->chromosome, chromosome) == 0)
        return sink->is_autosome;
    size_t bytes = strlen(chromosome) + 1;
    if (bytes <= sizeof sink->chromosome)
        memcpy(sink->chromosome, chromosome, bytes);
    else
        sink->chromosome[0] = '\0';
    return sink->is_autosome = is_autosome(chromosome);
}

/* Whether a variant is selected; counts it when it is not. Both lists are asked about all variants: what they
 * name and no file has is told of. */
static bool is_selected(struct variant_sink *sink, const struct variant *variant)
{
    struct variant_counts *counts = sink->counts;
    bool is_extracted = sink->extract == NULL || id_list_meet(sink->extract, variant->id);
    bool is_excluded = sink->exclude != NULL && id_list_meet(sink->exclude, variant->id);
    if (!sink->all_chromosomes && !is_on_autosome(sink, variant->chromosome)) {
        if (counts->n_off_chromosome++ == 0)
            snprintf(counts->off_chromosome, sizeof counts->off_chromosome, "%.40s on %.30s", variant->id,
                     variant->chromosome);
    } else if (!is_extracted) {
        counts->n_not_extracted++;
    } else if (is_excluded) {
        counts->n_excluded++;
    } else {
        return true;
    }
    return false;
}

int variant_sink_add(struct variant_sink *sink, const struct variant *variant, struct error *err)
{
    size_t row = sink->n_in_file++;
    if (sink->counts->n_in_files++ == 0)
        snprintf(sink->counts->first, sizeof sink->counts->first, "%s", variant->id);
    if (row >= sink->room || !is_selected(sink, variant))
        return 0;
    uint32_t *rows = memory_grow(sink->rows, &sink->rows_capacity, sink->n_rows + 1, sizeof *rows,
                                 "the selected SNPs", err);
    if (rows == NULL)
        return err->code;
    sink->rows = rows;
    rows[sink->n_rows++] = (uint32_t)row;
    struct variant kept = *variant;
    if (kept.position == VARIANT_POSITION_NEGATIVE) {
        kept.position = VARIANT_POSITION_UNKNOWN;
        if (sink->counts->n_negative++ == 0)
            snprintf(sink->counts->negative, sizeof sink->counts->negative, "%s", kept.id);
    }
    return variants_add(sink->variants, &kept, err);
}
