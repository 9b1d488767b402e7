#include "output/results_print.h"

#include "base/amount.h"
#include "base/memory.h"
#include "base/screen.h"
#include "output/footnotes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 32, LEAST_NAME = 12, GAP = 2 };

/* NaN comes after every number. */
static double rank_of(double value)
{
    return isnan(value) ? INFINITY : value;
}

/* Whether row a is printed before row b: a strict total order, since no two rows stand at one position. */
static bool precedes(const struct result_row *rows, size_t a, size_t b)
{
    const double *x = rows[a].value, *y = rows[b].value;
    const double left[] = {rank_of(x[RESULT_P_FWER]), rank_of(x[RESULT_P]), rank_of(-x[RESULT_R2])};
    const double right[] = {rank_of(y[RESULT_P_FWER]), rank_of(y[RESULT_P]), rank_of(-y[RESULT_R2])};
    for (size_t k = 0; k < sizeof left / sizeof *left; k++)
        if (left[k] < right[k] || left[k] > right[k])
            return left[k] < right[k];
    return a < b;
}

/* The row printed after `previous` (count: the first of all); count when there is none. A few rows of many:
 * no sorted copy. */
static size_t row_after(const struct result_row *rows, size_t count, size_t previous)
{
    size_t next = count;
    for (size_t i = 0; i < count; i++)
        if ((previous == count || precedes(rows, previous, i)) && (next == count || precedes(rows, i, next)))
            next = i;
    return next;
}

/* The table on its way to the screen. */
struct screen_table {
    const struct result_row **rows; /* those shown, in their order */
    size_t n_rows;
    struct footnotes notes;
    int width[RESULT_COLUMNS]; /* 0: left out */
};

/* Characters of a name of at most `most`, and the bytes they take (UTF-8: a byte 10xxxxxx goes on with one).
 */
static int name_characters(const char *name, int most, int *bytes)
{
    int count = 0;
    const char *at = name;
    for (; *at != '\0'; at++)
        if (((unsigned char)*at & 0xC0U) != 0x80U && count++ == most)
            break;
    *bytes = (int)(at - name);
    return count > most ? most : count;
}

static int needed(const struct screen_table *table, const struct result_row *row, enum result_id id)
{
    char cell[RESULT_CELL_BYTES], letters[FOOTNOTES_BYTES];
    int bytes;
    if (id == RESULT_TARGET)
        return name_characters(row->target, LONGEST_NAME, &bytes);
    if (id == RESULT_NOTE) {
        footnotes_letters(&table->notes, row->note, letters);
        return (int)strlen(letters);
    }
    result_cell(cell, row, id, true);
    return (int)strlen(cell);
}

/* rows, count: of the whole table. */
static void set_widths(struct screen_table *table, const struct result_row *rows, size_t count)
{
    for (int k = 0; k < RESULT_COLUMNS; k++) {
        enum result_id id = (enum result_id)k;
        int widest = 0;
        if (result_column(id)->screen_weight == 0 || !result_column_is_there(id, rows, count))
            continue;
        for (size_t i = 0; i < table->n_rows; i++) {
            int width = needed(table, table->rows[i], id);
            widest = width > widest ? width : widest;
        }
        int title = (int)strlen(result_column(id)->name);
        bool is_empty = id == RESULT_NOTE && widest == 0;
        table->width[id] = is_empty ? 0 : widest > title ? widest : title;
    }
}

static int total_width(const struct screen_table *table)
{
    int total = -GAP;
    for (int id = 0; id < RESULT_COLUMNS; id++)
        total += table->width[id] > 0 ? table->width[id] + GAP : 0;
    return total;
}

/* Leaves out the columns of least weight until the table fits; when it is the names' turn, they are cut. */
static void fit(struct screen_table *table, int columns)
{
    int whole_names = table->width[RESULT_TARGET];
    for (int weight = 1; weight < RESULT_HEAVIEST && total_width(table) > columns; weight++)
        for (int id = 0; id < RESULT_COLUMNS; id++)
            if (result_column((enum result_id)id)->screen_weight == weight)
                table->width[id] = id != RESULT_TARGET        ? 0
                                   : whole_names < LEAST_NAME ? whole_names
                                                              : LEAST_NAME;
    int room = table->width[RESULT_TARGET] + columns - total_width(table);
    if (room > table->width[RESULT_TARGET])
        table->width[RESULT_TARGET] = room < whole_names ? room : whole_names;
}

static void print_name(FILE *out, const char *name, int width)
{
    int bytes, used = name_characters(name, LONGEST_NAME, &bytes);
    bool is_cut = used > width || name[bytes] != '\0';
    if (is_cut)
        used = name_characters(name, width - 2, &bytes);
    screen_write(out, name, (size_t)bytes);
    fprintf(out, "%s%*s", is_cut ? ".." : "", width - used - (is_cut ? 2 : 0), "");
}

static void print_row(FILE *out, const struct screen_table *table, const struct result_row *row)
{
    char cell[RESULT_CELL_BYTES], letters[FOOTNOTES_BYTES];
    print_name(out, row->target, table->width[RESULT_TARGET]);
    for (int id = 0; id < RESULT_COLUMNS; id++)
        if (table->width[id] > 0 && result_column((enum result_id)id)->format != RESULT_TEXT) {
            result_cell(cell, row, (enum result_id)id, true);
            fprintf(out, "%*s%*s", GAP, "", table->width[id], cell);
        }
    footnotes_letters(&table->notes, row->note, letters);
    fprintf(out, "%*s%s\n", letters[0] != '\0' ? GAP : 0, "", letters);
}

static void print_titles(FILE *out, const struct screen_table *table)
{
    fprintf(out, "%-*s", table->width[RESULT_TARGET], result_column(RESULT_TARGET)->name);
    for (int id = 0; id < RESULT_COLUMNS; id++)
        if (table->width[id] > 0 && result_column((enum result_id)id)->format != RESULT_TEXT)
            fprintf(out, "%*s%*s", GAP, "", table->width[id], result_column((enum result_id)id)->name);
    if (table->width[RESULT_NOTE] > 0)
        fprintf(out, "%*s%s", GAP, "", result_column(RESULT_NOTE)->name);
    fputc('\n', out);
}

static void print_table(FILE *out, const struct screen_table *table, size_t count, int columns)
{
    char shown[AMOUNT_BYTES], all[AMOUNT_BYTES];
    print_titles(out, table);
    for (size_t i = 0; i < table->n_rows; i++)
        print_row(out, table, table->rows[i]);
    if (table->n_rows < count)
        fprintf(out, "(%s of %s targets, smallest p_fwer first)\n",
                amount_exact((int64_t)table->n_rows, shown), amount_exact((int64_t)count, all));
    footnotes_print(&table->notes, out, columns);
}

int results_print(FILE *out, const struct result_row *rows, size_t count, size_t limit, int columns,
                  struct error *err)
{
    struct screen_table table = {.n_rows = count < limit ? count : limit};
    table.rows = memory_zeroed(table.n_rows, sizeof *table.rows, "the table", err);
    size_t row = count;
    for (size_t i = 0; err->code == 0 && i < table.n_rows; i++) {
        row = row_after(rows, count, row);
        table.rows[i] = &rows[row];
        footnotes_add(&table.notes, rows[row].note, err);
    }
    if (err->code == 0) {
        set_widths(&table, rows, count);
        if (columns > 0)
            fit(&table, columns);
        print_table(out, &table, count, columns);
    }
    footnotes_free(&table.notes);
    free(table.rows);
    return err->code;
}
