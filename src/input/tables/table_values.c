/* The second pass over a table. */
#include "base/memory.h"
#include "input/tables/numbers.h"
#include "input/tables/table.h"

#include <stdlib.h>

struct rows {
    const struct table *table;
    const ptrdiff_t *subject_of_row;
    struct text_reader reader;
    char **fields; /* of the current row */
    size_t subject;
    size_t next_row;
};

static int rows_open(struct rows *rows, const struct table *table, const ptrdiff_t *subject_of_row,
                     struct error *err)
{
    *rows = (struct rows){.table = table, .subject_of_row = subject_of_row};
    char *header;
    if (text_reader_open(&rows->reader, table->path, err) != 0 ||
        text_reader_next(&rows->reader, &header, err) != 0)
        return err->code;
    rows->fields = memory_zeroed(table->columns.count, sizeof *rows->fields, "the fields of a row", err);
    return rows->fields == NULL ? err->code : 0;
}

static void rows_close(struct rows *rows)
{
    text_reader_close(&rows->reader);
    free(rows->fields);
}

/* Goes to the next wanted row; *more is false when there is none. */
static int rows_next(struct rows *rows, bool *more, struct error *err)
{
    const struct table *table = rows->table;
    size_t n_rows = table->subjects.iid.count, row = rows->next_row;
    while (row < n_rows && rows->subject_of_row[row] == TEXT_NOT_FOUND)
        row++;
    rows->next_row = row + 1;
    *more = row < n_rows;
    if (!*more)
        return 0;
    char *line;
    do {
        if (text_reader_next(&rows->reader, &line, err) != 0)
            return err->code;
    } while (line != NULL && rows->reader.line_number < table->subjects.lines[row]);
    if (line == NULL || table_split(table, line, rows->fields, table->columns.count) != table->columns.count)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: changed while it was read", table->path);
    rows->subject = (size_t)rows->subject_of_row[row];
    return 0;
}

int table_read_numbers(const struct table *table, const ptrdiff_t *subject_of_row,
                       const struct table_columns *wanted, double *values, struct error *err)
{
    const size_t *columns = wanted->columns, n_columns = wanted->count;
    const struct text_list *missing_codes = wanted->missing_codes;

    struct numbers numbers;
    numbers_init(&numbers, table->path, missing_codes);
    numbers.decimal_comma = table->separator == ';';
    struct rows rows;
    bool more = false;
    int code = rows_open(&rows, table, subject_of_row, err);
    while (code == 0 && (code = rows_next(&rows, &more, err)) == 0 && more) {
        double *row = values + rows.subject * n_columns;
        for (size_t k = 0; k < n_columns; k++)
            row[k] = numbers_parse(&numbers, rows.fields[columns[k]], rows.reader.line_number,
                                   table->columns.items[columns[k]], err);
    }
    rows_close(&rows);
    return code == 0 ? numbers_end(&numbers, err) : code;
}

int table_read_texts(const struct table *table, const ptrdiff_t *subject_of_row,
                     const struct table_columns *wanted, char **texts, size_t stride, struct error *err)
{
    const size_t *columns = wanted->columns, n_columns = wanted->count;
    const struct text_list *missing_codes = wanted->missing_codes;

    struct numbers labels;
    numbers_init(&labels, table->path, missing_codes);
    struct rows rows;
    bool more = false;
    int code = rows_open(&rows, table, subject_of_row, err);
    while (code == 0 && (code = rows_next(&rows, &more, err)) == 0 && more) {
        char **row = texts + rows.subject * stride;
        for (size_t k = 0; code == 0 && k < n_columns; k++) {
            const char *field = rows.fields[columns[k]];
            if (!numbers_is_label(&labels, field, rows.reader.line_number, table->columns.items[columns[k]]))
                continue;
            row[k] = memory_string(field, err);
            code = row[k] == NULL ? err->code : 0;
        }
    }
    rows_close(&rows);
    return code == 0 ? numbers_end(&labels, err) : code;
}
