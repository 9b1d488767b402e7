/* The second pass over a table. */
#include "base/memory.h"
#include "base/utf8_check.h"
#include "input/tables/decimal_marks.h"
#include "input/tables/numbers.h"
#include "input/tables/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAMES_LISTED = 5, NAMES_BYTES = 400 };

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

/* What is in hand while numbers are read. */
struct number_reading {
    const bool *skip;            /* columns that are not looked at; NULL: all are */
    struct decimal_marks *marks; /* of each column; NULL where numbers have but one mark */
    double *values;
    size_t n_wrong; /* fields that are no numbers */
};

static void take_number(struct number_reading *reading, struct numbers *numbers, const struct rows *rows,
                        const struct table_columns *wanted, size_t k, struct error *err)
{
    size_t column = wanted->columns[k], line = rows->reader.line_number;
    const char *field = rows->fields[column];
    double value = numbers_parse(numbers, field, line, rows->table->columns.items[column], err);
    reading->values[rows->subject * wanted->count + k] = value;
    if (reading->marks != NULL && !isnan(value))
        decimal_marks_add(&reading->marks[k], field, line);
}

static int read_numbers(const struct table *table, const ptrdiff_t *subject_of_row,
                        const struct table_columns *wanted, struct number_reading *reading, struct error *err)
{
    struct numbers numbers;
    numbers_init(&numbers, table->path, wanted->missing_codes);
    numbers.decimal_comma = table->separator == ';';
    struct rows rows;
    bool more = false;
    int code = rows_open(&rows, table, subject_of_row, err);
    while (code == 0 && (code = rows_next(&rows, &more, err)) == 0 && more)
        for (size_t k = 0; k < wanted->count; k++)
            if (reading->skip == NULL || !reading->skip[k])
                take_number(reading, &numbers, &rows, wanted, k, err);
    rows_close(&rows);
    reading->n_wrong = code == 0 ? numbers.problems.count : 0;
    return code == 0 ? numbers_end(&numbers, err) : code;
}

/* What a column holds besides missing values, and the first text in it. */
struct tally {
    size_t n_values, n_texts, first_line;
    char first[40];
};

static void tally_add(struct tally *tally, const struct numbers *numbers, const char *field, size_t line)
{
    if (numbers_is_missing(numbers, field))
        return;
    tally->n_values++;
    if (numbers_is_number(numbers, field) || tally->n_texts++ > 0)
        return;
    tally->first_line = line;
    snprintf(tally->first, sizeof tally->first, "%s", field);
}

static int tally_columns(const struct table *table, const ptrdiff_t *subject_of_row,
                         const struct table_columns *wanted, struct tally *tallies, struct error *err)
{
    struct numbers numbers;
    numbers_init(&numbers, table->path, wanted->missing_codes);
    numbers.decimal_comma = table->separator == ';';
    struct rows rows;
    bool more = false;
    int code = rows_open(&rows, table, subject_of_row, err);
    while (code == 0 && (code = rows_next(&rows, &more, err)) == 0 && more)
        for (size_t k = 0; k < wanted->count; k++)
            tally_add(&tallies[k], &numbers, rows.fields[wanted->columns[k]], rows.reader.line_number);
    rows_close(&rows);
    return code;
}

/* One line for all columns that hold text in most places. They are marked in is_text. */
static void tell_of_texts(const struct table *table, const struct table_columns *wanted,
                          const struct tally *tallies, bool *is_text, struct error *err)
{
    char listed[NAMES_BYTES] = "";
    const struct tally *first = NULL;
    size_t count = 0, used = 0;
    for (size_t k = 0; k < wanted->count; k++) {
        is_text[k] = 2 * tallies[k].n_texts > tallies[k].n_values;
        if (!is_text[k])
            continue;
        if (count++ < NAMES_LISTED)
            used += (size_t)snprintf(listed + used, NAMES_BYTES - used, "%s%.60s", used > 0 ? ", " : "",
                                     table->columns.items[wanted->columns[k]]);
        first = first == NULL ? &tallies[k] : first;
    }
    if (count > NAMES_LISTED)
        snprintf(listed + used, NAMES_BYTES - used, " and %zu more", count - NAMES_LISTED);
    if (count > 0)
        error_add_line(err, EXIT_CODE_BAD_INPUT,
                       "%s:%zu: column%s %s: text found, such as \"%s\"; expected numbers%s", table->path,
                       first->first_line, count == 1 ? "" : "s", listed, first->first,
                       wanted->remedy != NULL ? wanted->remedy : "");
}

/* What is wrong with numbers, said shorter where whole columns are. */
static void tell_of_wrong(const struct table *table, const ptrdiff_t *subject_of_row,
                          const struct table_columns *wanted, struct number_reading *reading,
                          struct error *err)
{
    *err = (struct error){0};
    struct tally *tallies = memory_zeroed(wanted->count, sizeof *tallies, "what columns hold", err);
    bool *is_text = memory_zeroed(wanted->count, sizeof *is_text, "what columns hold", err);
    reading->skip = is_text;
    if (tallies != NULL && is_text != NULL &&
        tally_columns(table, subject_of_row, wanted, tallies, err) == 0) {
        tell_of_texts(table, wanted, tallies, is_text, err);
        read_numbers(table, subject_of_row, wanted, reading, err);
    }
    free(tallies);
    free(is_text);
}

int table_read_numbers(const struct table *table, const ptrdiff_t *subject_of_row,
                       const struct table_columns *wanted, double *values, struct error *err)
{
    struct number_reading reading = {.values = values};
    if (table->separator == ';') {
        reading.marks = memory_zeroed(wanted->count, sizeof *reading.marks, "decimal marks", err);
        if (reading.marks == NULL)
            return err->code;
    }
    int code = read_numbers(table, subject_of_row, wanted, &reading, err);
    if (reading.n_wrong > 0)
        tell_of_wrong(table, subject_of_row, wanted, &reading, err);
    else if (code == 0 && reading.marks != NULL)
        decimal_marks_check(reading.marks, table, wanted, err);
    free(reading.marks);
    return err->code;
}

/* A label, or NULL where none is there. */
static int take_label(struct numbers *labels, const struct rows *rows, size_t column, char **label,
                      struct error *err)
{
    const char *field = rows->fields[column], *name = rows->table->columns.items[column];
    size_t line = rows->reader.line_number;
    char what[NAMES_BYTES];
    if (!numbers_is_label(labels, field, line, name))
        return 0;
    snprintf(what, sizeof what, "column %.60s", name);
    if (utf8_check(field, rows->table->path, line, what, err) == 0)
        *label = memory_string(field, err);
    return err->code;
}

int table_read_texts(const struct table *table, const ptrdiff_t *subject_of_row,
                     const struct table_columns *wanted, char **texts, size_t stride, struct error *err)
{
    const size_t *columns = wanted->columns, n_columns = wanted->count;
    const struct missing_codes *missing_codes = wanted->missing_codes;

    struct numbers labels;
    numbers_init(&labels, table->path, missing_codes);
    labels.expected = wanted->expected != NULL ? wanted->expected : "a label";
    struct rows rows;
    bool more = false;
    int code = rows_open(&rows, table, subject_of_row, err);
    while (code == 0 && (code = rows_next(&rows, &more, err)) == 0 && more) {
        char **row = texts + rows.subject * stride;
        for (size_t k = 0; code == 0 && k < n_columns; k++)
            code = take_label(&labels, &rows, columns[k], &row[k], err);
    }
    rows_close(&rows);
    return code == 0 ? numbers_end(&labels, err) : code;
}
