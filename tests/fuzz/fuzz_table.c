/* Text tables: both passes, as numbers and as texts. */
#include "fuzz.h"
#include "input/tables/table.h"

#include <stdlib.h>

static void read_values(const struct table *table)
{
    enum { MOST_COLUMNS = 16 };
    size_t n_rows = table->subjects.iid.count, n_columns = table->columns.count, columns[MOST_COLUMNS];
    n_columns = n_columns < MOST_COLUMNS ? n_columns : MOST_COLUMNS;
    for (size_t k = 0; k < n_columns; k++)
        columns[k] = n_columns - 1 - k;
    struct error err = {0};
    struct table_columns wanted = {.columns = columns, .count = n_columns};
    ptrdiff_t *row = calloc(n_rows + 1, sizeof *row);
    double *values = calloc(n_rows * n_columns + 1, sizeof *values);
    char **texts = calloc(n_rows * n_columns + 1, sizeof *texts);
    if (row == NULL || values == NULL || texts == NULL)
        abort();
    for (size_t i = 0; i < n_rows; i++)
        row[i] = i % 5 == 4 ? -1 : (ptrdiff_t)i;
    table_read_numbers(table, row, &wanted, values, &err);
    err = (struct error){0};
    table_read_texts(table, row, &wanted, texts, n_columns, &err);
    for (size_t i = 0; i < n_rows * n_columns; i++)
        free(texts[i]);
    free(texts);
    free(values);
    free(row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct table table;
    if (table_open(&table, fuzz_put("table.tsv", data, size), NULL, &err) == 0) {
        read_values(&table);
        table_close(&table);
    }
    return 0;
}
