#include "output/results.h"

#include "base/replace.h"

/* A text as one field: what would cut it becomes a blank. */
static void write_text(FILE *file, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, file);
}

/* The first two columns, which every table of every version has. */
static const char begins[] = "target\tn\t";
static const struct replace_kind kind = {
    .a_file = "a table of results", .begins = begins, .begins_bytes = sizeof begins - 1};

int results_check(const char *path, struct error *err)
{
    return replace_check(path, &kind, err);
}

/* Which columns the table has. */
struct columns {
    size_t count;
    enum result_id id[RESULT_COLUMNS];
};

static struct columns columns_of(const struct result_row *rows, size_t count)
{
    struct columns columns = {0};
    for (int id = 0; id < RESULT_COLUMNS; id++)
        if (result_column_is_there((enum result_id)id, rows, count))
            columns.id[columns.count++] = (enum result_id)id;
    return columns;
}

static void write_header(FILE *file, const struct columns *columns)
{
    for (size_t k = 0; k < columns->count; k++)
        fprintf(file, "%s%s", k > 0 ? "\t" : "", result_column(columns->id[k])->name);
    fputc('\n', file);
}

static void write_row(FILE *file, const struct columns *columns, const struct result_row *row)
{
    char cell[RESULT_CELL_BYTES];
    for (size_t k = 0; k < columns->count; k++) {
        if (k > 0)
            fputc('\t', file);
        if (result_column(columns->id[k])->format == RESULT_TEXT) {
            write_text(file, result_text(row, columns->id[k]));
            continue;
        }
        result_cell(cell, row, columns->id[k], false);
        fputs(cell, file);
    }
    fputc('\n', file);
}

int results_write(const char *path, const struct result_row *rows, size_t count, struct error *err)
{
    struct replace replace;
    int code = replace_open(&replace, path, &kind, err);
    if (code != 0)
        return code;
    struct columns columns = columns_of(rows, count);
    write_header(replace.file, &columns);
    for (size_t i = 0; i < count; i++)
        write_row(replace.file, &columns, &rows[i]);
    return replace_finish(&replace, err); /* a write that failed above is seen there */
}
