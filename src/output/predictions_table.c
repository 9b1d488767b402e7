#include "output/predictions_table.h"

#include "base/replace.h"

#include <math.h>

static const char header[] = "target\tFID\tIID\tfold\tobserved\tpredicted\n";
static const struct replace_kind kind = {.a_file = "a table of predictions",
                                         .begins = header,
                                         .begins_bytes = sizeof header - 1,
                                         .is_private = true};

int predictions_table_check(const char *path, struct error *err)
{
    return replace_check(path, &kind, err);
}

/* A text as one field: what would cut it becomes a blank. */
static void write_text(FILE *file, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, file);
    fputc('\t', file);
}

static void write_number(FILE *file, float value, char end)
{
    if (isnan(value))
        fprintf(file, "NA%c", end);
    else
        fprintf(file, "%.7g%c", (double)value, end);
}

int predictions_table_write(const char *path, const struct predictions_table *table, struct error *err)
{
    struct replace replace;
    if (replace_open(&replace, path, &kind, err) != 0)
        return err->code;
    fputs(header, replace.file);
    for (size_t t = 0; t < table->n_targets; t++)
        for (size_t i = 0; i < table->n; i++) {
            size_t cell = i * table->n_targets + t;
            write_text(replace.file, table->target[t]);
            write_text(replace.file, table->fid[i]);
            write_text(replace.file, table->iid[i]);
            fprintf(replace.file, "%d\t", (int)table->fold[i] + 1);
            write_number(replace.file, table->observed[cell], '\t');
            write_number(replace.file, table->predicted[cell], '\n');
        }
    return replace_finish(&replace, err); /* a write that failed above is seen there */
}
