/* .bim files: the variants of a fileset. */
#include "input/genotypes/plink1.h"

#include "base/utf8.h"
#include "base/utf8_check.h"
#include "input/tables/problems.h"

#include <string.h>

enum { CHROMOSOME, ID, CENTIMORGANS, POSITION, ALLELE_1, ALLELE_2, BIM_FIELDS };

/* A .bim may have any text there: what is no position is not known. */
static int32_t position_of(const char *text)
{
    int64_t position = 0;
    if (text[0] == '-' && text[1] != '\0' && text[strspn(text + 1, "0123456789") + 1] == '\0')
        return VARIANT_POSITION_NEGATIVE;
    for (const char *digit = text; *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9' || position > INT32_MAX)
            return VARIANT_POSITION_UNKNOWN;
        position = 10 * position + (*digit - '0');
    }
    return position <= INT32_MAX ? (int32_t)position : VARIANT_POSITION_UNKNOWN;
}

/* Of the fields that tables name. */
static int check_fields(const char *const *fields, const struct text_reader *reader, struct error *err)
{
    static const struct {
        int field;
        const char *what;
    } named[] = {{CHROMOSOME, "chromosome"}, {ID, "SNP ID"}, {ALLELE_1, "allele 1"}, {ALLELE_2, "allele 2"}};
    for (size_t k = 0; k < sizeof named / sizeof *named; k++)
        if (utf8_check(fields[named[k].field], reader->path, reader->line_number, named[k].what, err) != 0)
            return err->code;
    return 0;
}

static int add_line(struct variant_sink *sink, const struct text_reader *reader, char *line,
                    struct problems *problems, struct error *err)
{
    const char *fields[BIM_FIELDS];
    size_t count = 0;
    char *rest = line;
    bool is_utf8 = utf8_find_other(line) == NULL; /* one look at a line: there are millions */
    while (count < BIM_FIELDS && (fields[count] = text_next_field(&rest, ' ')) != NULL)
        count++;
    if (count == 0)
        return 0;
    if (count < BIM_FIELDS) {
        problems_add(
            problems, err,
            "%s:%zu: %zu field%s found; expected 6 (chromosome, SNP ID, centimorgans, position, allele 1, "
            "allele 2)",
            reader->path, reader->line_number, count, count == 1 ? "" : "s");
        return 0;
    }
    if (!is_utf8 && check_fields(fields, reader, err) != 0)
        return err->code;
    const struct variant variant = {.id = fields[ID],
                                    .chromosome = fields[CHROMOSOME],
                                    .counted = fields[ALLELE_1],
                                    .other = fields[ALLELE_2],
                                    .position = position_of(fields[POSITION])};
    return variant_sink_add(sink, &variant, err);
}

int plink1_variants_read(const char *path, struct variant_sink *sink, struct error *err)
{
    struct problems problems = {0};
    struct text_reader reader;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    char *line;
    int code;
    while ((code = text_reader_next(&reader, &line, err)) == 0 && line != NULL)
        if ((code = add_line(sink, &reader, line, &problems, err)) != 0)
            break;
    text_reader_close(&reader);
    return code == 0 ? problems_end(&problems, err) : code;
}
