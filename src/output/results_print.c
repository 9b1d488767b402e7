#include "output/results.h"

#include <math.h>
#include <string.h>

enum { NAME_WIDTH = 32, NUMBER_WIDTH = 24, N_COLUMNS = 9 };

static const char *const titles[N_COLUMNS] = {"target",  "n", "r2",     "r2_sd", "r",
                                              "penalty", "p", "p_fwer", "q_fdr"};

/* NaN and targets without an analysis come after every number. */
static double rank_of(const struct result_row *row, double value)
{
    return row->analysed && !isnan(value) ? value : INFINITY;
}

/* Whether row a is printed before row b: a strict total order, since no two rows stand at one position. */
static bool precedes(const struct result_row *rows, size_t a, size_t b)
{
    const double left[] = {rank_of(&rows[a], rows[a].p_fwer), rank_of(&rows[a], rows[a].p),
                           rank_of(&rows[a], -rows[a].r2)};
    const double right[] = {rank_of(&rows[b], rows[b].p_fwer), rank_of(&rows[b], rows[b].p),
                            rank_of(&rows[b], -rows[b].r2)};
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

static void show(char *cell, const char *format, bool analysed, double value)
{
    if (analysed && !isnan(value))
        snprintf(cell, NUMBER_WIDTH, format, value);
    else
        snprintf(cell, NUMBER_WIDTH, "NA");
}

/* The columns after the name. */
static void show_numbers(char cells[N_COLUMNS][NUMBER_WIDTH], const struct result_row *row)
{
    snprintf(cells[1], NUMBER_WIDTH, "%d", row->n);
    show(cells[2], "%.4f", row->analysed, row->r2);
    show(cells[3], "%.4f", row->analysed, row->r2_sd);
    show(cells[4], "%.4f", row->analysed, row->r);
    show(cells[5], "%.4g", row->analysed, row->penalty);
    show(cells[6], "%.3g", row->analysed, row->p);
    show(cells[7], "%.3g", row->analysed, row->p_fwer);
    show(cells[8], "%.3g", row->analysed, row->q_fdr);
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

static void print_row(FILE *out, const struct result_row *row, const int width[N_COLUMNS])
{
    char cells[N_COLUMNS][NUMBER_WIDTH];
    show_numbers(cells, row);
    int bytes, used = name_characters(row->target, &bytes);
    print_one_line(out, row->target, bytes);
    fprintf(out, "%*s", width[0] - used, "");
    for (int column = 1; column < N_COLUMNS; column++)
        fprintf(out, "  %*s", width[column], cells[column]);
    if (row->note[0] != '\0') {
        fputs("  ", out);
        print_one_line(out, row->note, (int)strlen(row->note));
    }
    fputc('\n', out);
}

static void widen(int width[N_COLUMNS], const struct result_row *row)
{
    char cells[N_COLUMNS][NUMBER_WIDTH];
    show_numbers(cells, row);
    int bytes, used = name_characters(row->target, &bytes);
    width[0] = used > width[0] ? used : width[0];
    for (int column = 1; column < N_COLUMNS; column++) {
        used = (int)strlen(cells[column]);
        width[column] = used > width[column] ? used : width[column];
    }
}

void results_print(FILE *out, const struct result_row *rows, size_t count, size_t limit)
{
    int width[N_COLUMNS];
    for (int column = 0; column < N_COLUMNS; column++)
        width[column] = (int)strlen(titles[column]);
    size_t shown = count < limit ? count : limit, row = count;
    for (size_t k = 0; k < shown; k++) {
        row = row_after(rows, count, row);
        widen(width, &rows[row]);
    }
    fprintf(out, "%-*s", width[0], titles[0]);
    for (int column = 1; column < N_COLUMNS; column++)
        fprintf(out, "  %*s", width[column], titles[column]);
    fputs("  note\n", out);
    row = count;
    for (size_t k = 0; k < shown; k++) {
        row = row_after(rows, count, row);
        print_row(out, &rows[row], width);
    }
    if (shown < count)
        fprintf(out, "(%zu of %zu targets, smallest p_fwer first)\n", shown, count);
}
