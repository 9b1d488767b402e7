#include "output/results.h"

#include <math.h>
#include <string.h>

enum { NAME_WIDTH = 32 };

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

/* Characters of a name cut to NAME_WIDTH, and the bytes they take (UTF-8: a byte 10xxxxxx goes on with one).
 */
static int name_characters(const char *name, int *bytes)
{
    int count = 0;
    const char *at = name;
    for (; *at != '\0'; at++) {
        if (((unsigned char)*at & 0xC0U) != 0x80U && count++ == NAME_WIDTH)
            break;
    }
    *bytes = (int)(at - name);
    return count > NAME_WIDTH ? NAME_WIDTH : count;
}

static void print_one_line(FILE *out, const char *text, int bytes)
{
    for (int i = 0; i < bytes; i++)
        fputc((unsigned char)text[i] < ' ' ? ' ' : text[i], out);
}

static bool is_number(enum result_id id)
{
    const struct result_column *column = result_column(id);
    return column->on_screen && column->format != RESULT_TEXT;
}

static void print_row(FILE *out, const struct result_row *row, const int width[RESULT_COLUMNS])
{
    char cell[RESULT_CELL_BYTES];
    int bytes, used = name_characters(row->target, &bytes);
    print_one_line(out, row->target, bytes);
    fprintf(out, "%*s", width[RESULT_TARGET] - used, "");
    for (int id = 0; id < RESULT_COLUMNS; id++)
        if (is_number((enum result_id)id)) {
            result_cell(cell, row, (enum result_id)id, true);
            fprintf(out, "  %*s", width[id], cell);
        }
    if (row->note[0] != '\0') {
        fputs("  ", out);
        print_one_line(out, row->note, (int)strlen(row->note));
    }
    fputc('\n', out);
}

static void print_titles(FILE *out, const int width[RESULT_COLUMNS])
{
    fprintf(out, "%-*s", width[RESULT_TARGET], result_column(RESULT_TARGET)->name);
    for (int id = 0; id < RESULT_COLUMNS; id++)
        if (is_number((enum result_id)id))
            fprintf(out, "  %*s", width[id], result_column((enum result_id)id)->name);
    fprintf(out, "  %s\n", result_column(RESULT_NOTE)->name);
}

static void widen(int width[RESULT_COLUMNS], const struct result_row *row)
{
    char cell[RESULT_CELL_BYTES];
    int bytes, used = name_characters(row->target, &bytes);
    width[RESULT_TARGET] = used > width[RESULT_TARGET] ? used : width[RESULT_TARGET];
    for (int id = 0; id < RESULT_COLUMNS; id++)
        if (is_number((enum result_id)id)) {
            result_cell(cell, row, (enum result_id)id, true);
            used = (int)strlen(cell);
            width[id] = used > width[id] ? used : width[id];
        }
}

void results_print(FILE *out, const struct result_row *rows, size_t count, size_t limit)
{
    int width[RESULT_COLUMNS];
    for (int id = 0; id < RESULT_COLUMNS; id++)
        width[id] = (int)strlen(result_column((enum result_id)id)->name);
    size_t shown = count < limit ? count : limit, row = count;
    for (size_t k = 0; k < shown; k++) {
        row = row_after(rows, count, row);
        widen(width, &rows[row]);
    }
    print_titles(out, width);
    row = count;
    for (size_t k = 0; k < shown; k++) {
        row = row_after(rows, count, row);
        print_row(out, &rows[row], width);
    }
    if (shown < count)
        fprintf(out, "(%zu of %zu targets, smallest p_fwer first)\n", shown, count);
}
