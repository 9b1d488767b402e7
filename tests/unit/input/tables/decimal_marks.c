#include "input/tables/decimal_marks.h"

#include "input_fixtures.h"

/* Reads the columns x and y of a table between semicolons, a row a line of `rows`; `warning` (or NULL) is the
 * only one, `message` that of a refusal. */
static void assert_read(const char *rows, const char *warning, const char *message)
{
    char text[400];
    const char *folder = testing_folder();
    struct table table;
    struct error err = {0};
    struct log log;
    snprintf(text, sizeof text, "IID;x;y\n%s", rows);
    CU_ASSERT_EQUAL_FATAL(table_open(&table, testing_write_text(folder, "t.csv", text), NULL, &err), 0);
    CU_ASSERT_EQUAL_FATAL(log_init(&log, NULL, &err), 0);
    double values[2 * 8];
    ptrdiff_t subject_of_row[8];
    for (size_t row = 0; row < 8; row++)
        subject_of_row[row] = (ptrdiff_t)row;
    struct table_columns wanted = {.columns = (const size_t[]){1, 2}, .count = 2, .log = &log};
    table_read_numbers(&table, subject_of_row, &wanted, values, &err);
    ASSERT_MESSAGE(err.message, folder, message);
    CU_ASSERT_EQUAL(err.code, message[0] != '\0' ? EXIT_CODE_BAD_INPUT : 0);
    CU_ASSERT_EQUAL_FATAL(log.warnings.count, warning != NULL);
    if (warning != NULL)
        ASSERT_CONTAINS(log.warnings.items[0], warning);
    log_close(&log, &err);
    table_close(&table);
}

static void one_mark(void)
{
    assert_read("a;1.5;2,5\nb;1000;-,5\nc;NA;1234,567\nd;.5;0\n", NULL, "");
    assert_read("a;1.234;1.5\nb;0.234;1000\nc;1000;2\n", NULL, ""); /* 0.234 is none of thousands */
    assert_read("a;1.234;1.5\nb;999;2\n", NULL, "");
}

static void two_marks(void)
{
    assert_read(
        "a;1;1\nb;1.234;2\nc;1,5;3\nd;2.5;1,5\ne;3;1.5\n", NULL,
        "@/t.csv:4: column x: a comma found in a number, and in line 3 a point; expected one of them, "
        "for decimals (thousands are written 1234)\n"
        "@/t.csv:5: column y: a comma found in a number, and in line 6 a point; expected one of them, "
        "for decimals (thousands are written 1234)");
}

static void thousands(void)
{
    assert_read("a;1;1\nb;1.234;2\nc;1234;3\n", "t.csv:3: column x: every point has three digits behind it",
                "");
    assert_read("a;-1,234;1\nb;12345;2\n", "t.csv:2: column x: every comma has three digits behind it", "");
    assert_read("a;1.234;1,5\nb;2;2\n", "t.csv:2: column x: every point", "");
    assert_read("a;1,234;1,234\nb;2000;2000\n", "t.csv:2: column x (and 1 more): every comma", "");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"one_mark", one_mark},
        {"two_marks", two_marks},
        {"thousands", thousands},
    };
    return testing_main(argc, argv, "input/tables/decimal_marks", cases, sizeof cases / sizeof *cases);
}
