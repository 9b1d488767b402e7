#include "output/results.h"

#include "base/replace.h"

/* A text as one field: what would cut it becomes a blank. */
static void write_text(FILE *file, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, file);
}

static void write_header(FILE *file)
{
    for (int id = 0; id < RESULT_COLUMNS; id++)
        fprintf(file, "%s%s", id > 0 ? "\t" : "", result_column((enum result_id)id)->name);
    fputc('\n', file);
}

static void write_row(FILE *file, const struct result_row *row)
{
    char cell[RESULT_CELL_BYTES];
    for (int k = 0; k < RESULT_COLUMNS; k++) {
        enum result_id id = (enum result_id)k;
        if (k > 0)
            fputc('\t', file);
        if (result_column(id)->format == RESULT_TEXT) {
            write_text(file, result_text(row, id));
            continue;
        }
        result_cell(cell, row, id, false);
        fputs(cell, file);
    }
    fputc('\n', file);
}

int results_write(const char *path, const struct result_row *rows, size_t count, struct error *err)
{
    struct replace replace;
    int code = replace_open(&replace, path, err);
    if (code != 0)
        return code;
    write_header(replace.file);
    for (size_t i = 0; i < count; i++)
        write_row(replace.file, &rows[i]);
    return replace_finish(&replace, err); /* a write that failed above is seen there */
}
