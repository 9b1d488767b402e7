#include "input/genotypes/variant_sink.h"

#include "base/memory.h"

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

/* Whether a variant is selected; counts it when it is not. */
static bool is_selected(struct variant_sink *sink, const struct variant *variant)
{
    if (!sink->all_chromosomes && !is_on_autosome(sink, variant->chromosome)) {
        sink->counts->n_off_chromosome++;
        return false;
    }
    if (sink->extract != NULL && !id_list_holds(sink->extract, variant->id)) {
        sink->counts->n_not_extracted++;
        return false;
    }
    if (sink->exclude != NULL && id_list_holds(sink->exclude, variant->id)) {
        sink->counts->n_excluded++;
        return false;
    }
    return true;
}

int variant_sink_add(struct variant_sink *sink, const struct variant *variant, struct error *err)
{
    size_t row = sink->n_in_file++;
    sink->counts->n_in_files++;
    if (!is_selected(sink, variant))
        return 0;
    uint32_t *rows = memory_grow(sink->rows, &sink->rows_capacity, sink->n_rows + 1, sizeof *rows,
                                 "the selected SNPs", err);
    if (rows == NULL)
        return err->code;
    sink->rows = rows;
    rows[sink->n_rows++] = (uint32_t)row;
    return variants_add(sink->variants, variant, err);
}
