#include "output/results_print.h"

#include "result_example.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A name, a note and p_fwer decide; the other numbers have the width that such numbers have. */
#define PLAIN(name, text, p_fwer)                                                                            \
    ROW(name, text, 1410, -0.0123, 0.0401, 0.7123, 21.544, 0.1, 0.000999, p_fwer, 0.000999)

static const struct result_row rows[] = {
    ROW("CD8", "", 1410, 0.4951234567, 0.0401, 0.7123456, 21.544346900318832, 0.1, 1.0 / 1001, 1.0 / 1001,
        0.000999),
    ROW("flat", "does not\tvary\nat all", 1410, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN),
    ROW("odd\tname", "a fold is NA; no genetic PCs", 7, -0.25, NAN, NAN, 1e-12, 0, 0.25, 1, 0.5),
    ROW("MCH", "no genetic PCs", 1580, 0.35, 0.05, 0.6, 100, 0, 1.0 / 10001, 0.5, 0.25),
};
enum { N_ROWS = sizeof rows / sizeof *rows, TEXT_BYTES = 4096 };

static void print_to(char text[TEXT_BYTES], const struct result_row *table, size_t count, size_t limit,
                     int columns)
{
    struct error err = {0};
    FILE *file = fmemopen(text, TEXT_BYTES, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(results_print(file, table, count, limit, columns, &err), 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

static void a_note_stands_once_below(void)
{
    char text[TEXT_BYTES];
    print_to(text, rows, N_ROWS, 10, 0);
    CU_ASSERT_STRING_EQUAL(
        text, "target       n       r2   r2_sd       r  penalty         p    p_fwer     q_fdr  note\n"
              "CD8       1410   0.4951  0.0401  0.7123    21.54  0.000999  0.000999  0.000999\n"
              "MCH       1580   0.3500  0.0500  0.6000      100    0.0001       0.5      0.25  a\n"
              "odd?name     7  -0.2500      NA      NA    1e-12      0.25         1       0.5  b,a\n"
              "flat      1410       NA      NA      NA       NA        NA        NA        NA  c\n"
              "a: no genetic PCs\n"
              "b: a fold is NA\n"
              "c: does not vary at all\n");
    print_to(text, rows, N_ROWS, 2, 0);
    ASSERT_CONTAINS(text, "\nMCH ");
    ASSERT_CONTAINS(text, "\n(2 of 4 targets, smallest p_fwer first)\na: no genetic PCs\n");
    CU_ASSERT_PTR_NULL(strstr(text, "odd"));
    CU_ASSERT_PTR_NULL(strstr(text, "vary"));
    print_to(text, rows, 1, 5, 0);
    ASSERT_CONTAINS(text, "  q_fdr\n"); /* no notes, no column */
    print_to(text, rows, 0, 5, 0);
    CU_ASSERT_STRING_EQUAL(text, "target  n  r2  r2_sd  r  penalty  p  p_fwer  q_fdr\n");
}

/* Equal p-values: by p, then the larger r2, then the order of the table; columns stay aligned beside accents.
 */
static void ties_and_accents(void)
{
    const struct result_row tied[] = {
        ROW("caf\xC3\xA9", "", 1, 0.1, 0, 0, 1, 0, 0.5, 0.5, 0.5),
        ROW("b", "", 2, 0.1, 0, 0, 1, 0, 0.5, 0.5, 0.5),
        ROW("c", "", 3, 0.2, 0, 0, 1, 0, 0.5, 0.5, 0.5),
        ROW("a name that is far too long for a column of a terminal", "", 4, 0, 0, 0, 1, 0, 0.25, 0.5, 0.5),
    };
    char text[TEXT_BYTES];
    print_to(text, tied, 4, 4, 0);
    ASSERT_CONTAINS(text, "\na name that is far too long fo..  4  ");
    ASSERT_CONTAINS(text, "\nc                                 3  ");
    ASSERT_CONTAINS(text, "\ncaf\xC3\xA9                              1  ");
    const char *longest = strstr(text, "\na name"), *best = strstr(text, "\nc  ");
    const char *first = strstr(text, "\ncaf"), *second = strstr(text, "\nb ");
    CU_ASSERT(longest < best && best < first && first < second);
}

static size_t widest_line(const char *text)
{
    size_t widest = 0;
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        widest = length > widest ? length : widest;
        line += length + (line[length] == '\n');
    }
    return widest;
}

/* What goes first is what a reader misses least. */
static void narrow_screens(void)
{
    const struct result_row wide[] = {
        PLAIN("a_parcel_with_a_long_name_7",
              "a note of words that is too long for one line of a terminal, and "
              "is broken between words",
              0.01),
        PLAIN("\xC3\xA9\xC3\xA9_parcel_with_a_long_name_8", "", 0.02),
    };
    static const struct {
        int columns;
        const char *titles;
    } cases[] = {
        {102, " n       r2   r2_sd       r  penalty         p  p_fwer     q_fdr  note\n"},
        {94, " n       r2       r  penalty         p  p_fwer     q_fdr  note\n"},
        {93, " n       r2       r         p  p_fwer     q_fdr  note\n"},
        {80, " n       r2       r         p  p_fwer  note\n"},
        {70, " n       r2         p  p_fwer  note\n"},
        {66, " r2         p  p_fwer  note\n"},
        {45, " r2         p  p_fwer  note\n"},
        {44, " r2  p_fwer  note\n"},
        {40, " r2  p_fwer  note\n"},
    };
    char text[TEXT_BYTES];
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        print_to(text, wide, 2, 2, cases[k].columns);
        ASSERT_CONTAINS(text, cases[k].titles);
        CU_ASSERT(widest_line(text) <= (size_t)cases[k].columns + 2); /* two letters of two bytes */
    }
    ASSERT_CONTAINS(text, "\na_parcel_with_a..  -0.0123    0.01  a\n"); /* of 40 */
    ASSERT_CONTAINS(text, "\na: a note of words that is too long for\n   one line of a terminal, and is "
                          "broken\n   between words\n");
    print_to(text, wide, 2, 2, 1); /* nothing is left to drop */
    ASSERT_CONTAINS(text, "target             r2  p_fwer  note\na_parcel_w..  -0.0123    0.01  a\n");
}

/* Coordinates stay when n and the whole names have gone. */
static void places(void)
{
    struct result_row placed = rows[0];
    char text[TEXT_BYTES];
    placed.target = "45_54_22";
    placed.value[RESULT_X_MM] = -12;
    placed.value[RESULT_Y_MM] = 34.5;
    placed.value[RESULT_Z_MM] = 8;
    print_to(text, &placed, 1, 1, 80);
    CU_ASSERT_STRING_EQUAL(
        text, "target       n      r2       r         p    p_fwer     q_fdr  x_mm  y_mm  z_mm\n"
              "45_54_22  1410  0.4951  0.7123  0.000999  0.000999  0.000999   -12  34.5     8\n");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_note_stands_once_below", a_note_stands_once_below},
        {"ties_and_accents", ties_and_accents},
        {"narrow_screens", narrow_screens},
        {"places", places},
    };
    return testing_main(argc, argv, "results_print", cases, sizeof cases / sizeof *cases);
}
