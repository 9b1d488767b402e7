#include "base/text.h"

#include "testing.h"

#include <stdlib.h>
#include <string.h>

/* Cuts a copy of `line` and shows the fields as [a][b]. */
static void assert_fields(const char *line, char separator, const char *expected, unsigned source_line)
{
    char copy[200], found[400] = "";
    strcpy(copy, line);
    char *rest = copy;
    for (char *field; (field = text_next_field(&rest, separator)) != NULL;) {
        strcat(found, "[");
        strcat(strcat(found, field), "]");
    }
    if (strcmp(found, expected) != 0)
        fprintf(stderr, "%s cut at '%c'\n  found:    %s\n  expected: %s\n", line, separator, found, expected);
    CU_assertImplementation(strcmp(found, expected) == 0, source_line, line, __FILE__, "", CU_FALSE);
    CU_ASSERT_PTR_NULL(text_next_field(&rest, separator));
}
#define ASSERT_FIELDS(line, separator, expected) assert_fields((line), (separator), (expected), __LINE__)

static void fields_at_blanks(void)
{
    ASSERT_FIELDS("a b\tc", ' ', "[a][b][c]");
    ASSERT_FIELDS(" \t a \t  b  ", ' ', "[a][b]");
    ASSERT_FIELDS("", ' ', "");
    ASSERT_FIELDS("  \t", ' ', "");
    ASSERT_FIELDS("\"a b\" c \"\" \"d\"", ' ', "[a b][c][][d]"); /* as R writes them */
    ASSERT_FIELDS("\"a b", ' ', "[\"a][b]");                     /* never closed: a character */
    ASSERT_FIELDS("\"a\"b c", ' ', "[\"a\"b][c]");
}

static void fields_at_tabs(void)
{
    ASSERT_FIELDS("a\tb c\td", '\t', "[a][b c][d]");
    ASSERT_FIELDS("a\t\tb", '\t', "[a][][b]");
    ASSERT_FIELDS("\ta\t", '\t', "[][a][]");
    ASSERT_FIELDS("\"a\tb\"\t\"c\"\td", '\t', "[a\tb][c][d]");
    ASSERT_FIELDS("\"a\tb", '\t', "[\"a][b]");
    ASSERT_FIELDS("\"a\" \t \"b\"", '\t', "[a][b]");
    ASSERT_FIELDS("", '\t', "[]");
}

static void fields_of_csv(void)
{
    ASSERT_FIELDS("a,b c,,d,", ',', "[a][b c][][d][]");
    ASSERT_FIELDS("\"a,b\",c", ',', "[a,b][c]");
    ASSERT_FIELDS("\"say \"\"yes\"\"\",\"\",x", ',', "[say \"yes\"][][x]");
    ASSERT_FIELDS("\"\"\"\"", ',', "[\"]");
    ASSERT_FIELDS("\"last, one\"", ',', "[last, one]");
    ASSERT_FIELDS("a\"b,c", ',', "[a\"b][c]"); /* a quote inside is a character */
    ASSERT_FIELDS("\"never closed,c", ',', "[\"never closed][c]");
    ASSERT_FIELDS("\"a\", \"b,c\" ,\t\"d\"", ',', "[a][b,c][d]");
    ASSERT_FIELDS("\"a;b\"; c;\"\"", ';', "[a;b][c][]");
}

static void numbers_are_strict(void)
{
    static const char *const wrong[] = {"",     "1e5x", "inf",  "-inf", "INFINITY", "nan",     "NaN", "0x10",
                                        "0X1p", " 1",   "1 ",   "\t1",  "1\n",      "\r1",     "\v1", "\f1",
                                        "1\r",  "1,5",  "--1",  "1e",   "e5",       "1e400",   ".",   "+",
                                        "1_0",  "1e+",  "1.2.", "NA",   "-1e999",   "nan(12)", "1d5"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        double value = 42;
        if (text_to_double(wrong[i], &value))
            fprintf(stderr, "taken as a number: \"%s\"\n", wrong[i]);
        CU_ASSERT_FALSE(text_to_double(wrong[i], &value));
        CU_ASSERT_EQUAL(value, 42); /* untouched */
    }
    double value;
    CU_ASSERT_TRUE(text_to_double("-1.5e-3", &value));
    CU_ASSERT_EQUAL(value, -1.5e-3);
    CU_ASSERT_TRUE(text_to_double("+7", &value));
    CU_ASSERT_EQUAL(value, 7);
    CU_ASSERT_TRUE(text_to_double(".5", &value));
    CU_ASSERT_EQUAL(value, .5);
    CU_ASSERT_TRUE(text_to_double("1E5", &value));
    CU_ASSERT_EQUAL(value, 1e5);
}

static void integers_are_strict(void)
{
    static const char *const wrong[] = {"",     "1.0",   "1e3", "0x10", " 1",
                                        "1 ",   "\r1",   "\v1", "-",    "9223372036854775808",
                                        "12ab", "\t\t1", "1\n", "--1",  "-9223372036854775809"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int64_t value = 42;
        if (text_to_int64(wrong[i], &value))
            fprintf(stderr, "taken as an integer: \"%s\"\n", wrong[i]);
        CU_ASSERT_FALSE(text_to_int64(wrong[i], &value));
        CU_ASSERT_EQUAL(value, 42);
    }
    int64_t value;
    CU_ASSERT_TRUE(text_to_int64("-9223372036854775808", &value));
    CU_ASSERT_EQUAL(value, INT64_MIN);
    CU_ASSERT_TRUE(text_to_int64("010", &value)); /* decimal, not octal */
    CU_ASSERT_EQUAL(value, 10);
}

static void endings(void)
{
    CU_ASSERT_TRUE(text_ends_with("a.nii.gz", ".nii.gz"));
    CU_ASSERT_FALSE(text_ends_with("a.nii.gz", ".nii"));
    CU_ASSERT_FALSE(text_ends_with(".nii", ".nii"));
    CU_ASSERT_FALSE(text_ends_with("nii", ".nii"));
}

static void missing_values(void)
{
    static const char *const missing[] = {"", "NA", "na", "NaN", "nan", "n/a", "N/A"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        CU_ASSERT_TRUE(text_is_missing(missing[i]));
    CU_ASSERT_FALSE(text_is_missing("-9"));
    CU_ASSERT_FALSE(text_is_missing("NAN1"));
    CU_ASSERT_FALSE(text_is_missing(" "));
}

static void index_finds_the_first_of_a_name(void)
{
    char *names[] = {"s3", "s1", "S1", "s10", "s2", "s1", ""};
    struct error err = {0};
    struct text_index index;
    CU_ASSERT_EQUAL_FATAL(text_index_init(&index, names, 7, &err), 0);
    CU_ASSERT_EQUAL(text_index_find(&index, "s3"), 0);
    CU_ASSERT_EQUAL(text_index_find(&index, "s1"), 1);
    CU_ASSERT_EQUAL(text_index_find(&index, "S1"), 2);
    CU_ASSERT_EQUAL(text_index_find(&index, "s10"), 3);
    CU_ASSERT_EQUAL(text_index_find(&index, ""), 6);
    CU_ASSERT_EQUAL(text_index_find(&index, "s"), TEXT_NOT_FOUND);
    CU_ASSERT_EQUAL(text_index_find(&index, "t"), TEXT_NOT_FOUND);
    CU_ASSERT_EQUAL(text_index_duplicate(&index), 5);
    text_index_free(&index);
    CU_ASSERT_EQUAL_FATAL(text_index_init(&index, names, 5, &err), 0);
    CU_ASSERT_EQUAL(text_index_duplicate(&index), TEXT_NOT_FOUND);
    text_index_free(&index);
    CU_ASSERT_EQUAL_FATAL(text_index_init(&index, names, 0, &err), 0);
    CU_ASSERT_EQUAL(text_index_find(&index, "s1"), TEXT_NOT_FOUND);
    CU_ASSERT_EQUAL(text_index_duplicate(&index), TEXT_NOT_FOUND);
    text_index_free(&index);
}

static void assert_three_lines(const char *path)
{
    static const char *const expected[] = {"a b", "", "last"};
    struct error err = {0};
    struct text_reader reader;
    char *line = NULL;
    CU_ASSERT_EQUAL_FATAL(text_reader_open(&reader, path, &err), 0);
    for (size_t k = 0; k < 3; k++) {
        CU_ASSERT_EQUAL(text_reader_next(&reader, &line, &err), 0);
        CU_ASSERT_STRING_EQUAL_FATAL(line, expected[k]);
        CU_ASSERT_EQUAL(reader.line_number, k + 1);
    }
    CU_ASSERT_EQUAL(text_reader_next(&reader, &line, &err), 0);
    CU_ASSERT_PTR_NULL(line);
    text_reader_close(&reader);
}

static void assert_damaged(const char *bytes, size_t count)
{
    const char *path = testing_write(testing_folder(), "lines.gz", bytes, count);
    struct error err = {0};
    struct text_reader reader;
    char *line = "";
    CU_ASSERT_EQUAL_FATAL(text_reader_open(&reader, path, &err), 0);
    while (text_reader_next(&reader, &line, &err) == 0 && line != NULL)
        continue;
    CU_ASSERT_EQUAL(err.code, EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "lines.gz:");
    ASSERT_CONTAINS(err.message, ": cannot be read: the packed file (gzip) is damaged");
    text_reader_close(&reader);
}

static void reader_takes_every_line_ending(void)
{
    static const char *const texts[] = {"a b\r\n\nlast", "a b\n\nlast\n", "a b\r\rlast", "a b\r\rlast\r",
                                        "a b\n\rlast\r\n"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        assert_three_lines(testing_write_text(testing_folder(), "lines.txt", texts[k]));
}

static void fields_are_read_as_they_are_written(void)
{
    static const char *const fields[] = {"F01", "F01 x", "a\tb", "\"", "a\"b", "\"a\" b", "", "a,b"};
    const char *path = testing_write_text(testing_folder(), "fields", "");
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
        text_put_field(file, fields[k], strlen(fields[k]));
        fputc('\t', file);
    }
    fclose(file);
    struct error err = {0};
    struct text_reader reader;
    char *line = NULL;
    CU_ASSERT_EQUAL_FATAL(text_reader_open(&reader, path, &err), 0);
    CU_ASSERT_EQUAL_FATAL(text_reader_next(&reader, &line, &err), 0);
    CU_ASSERT_EQUAL(strncmp(line, "F01\t\"F01 x\"\t", 12), 0);
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
        const char *field = text_next_field(&line, ' ');
        CU_ASSERT_PTR_NOT_NULL_FATAL(field);
        CU_ASSERT_STRING_EQUAL(field, fields[k]);
    }
    CU_ASSERT_PTR_NULL(text_next_field(&line, ' '));
    text_reader_close(&reader);
}

/* As by gzip -9. */
static const char packed[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"
    "\x4b\x54\x48\xe2\xe5\xe2\xca\x49\x2c\x2e\x01\x00\xe6\x0e\xf3\x2c\x0a\x00\x00\x00";

static void reader_unpacks(void)
{
    const char *folder = testing_folder();
    assert_three_lines(testing_write(folder, "lines.txt.gz", packed, sizeof packed - 1));
    assert_three_lines(
        testing_write(folder, "lines.txt", packed, sizeof packed - 1)); /* whatever it is called */
    assert_damaged(packed, sizeof packed - 5);                          /* cut short */
    char spoiled[sizeof packed];
    memcpy(spoiled, packed, sizeof packed);
    spoiled[sizeof packed - 9] ^= 1; /* a byte of the checksum */
    assert_damaged(spoiled, sizeof packed - 1);
}

/* A file of several members (bgzip, pigz, `cat a.gz b.gz`) is all of them: one whose header is damaged is no
 * end, and neither is anything else but zeros. */
static void reader_unpacks_every_member(void)
{
    enum { MEMBER = sizeof packed - 1, ROOM = 3 * MEMBER };
    char members[ROOM] = {0};
    memcpy(members, packed, MEMBER);
    assert_three_lines(testing_write(testing_folder(), "lines.gz", members, ROOM)); /* zeros */
    members[ROOM - 1] = 'a';
    assert_damaged(members, ROOM);
    memcpy(members + MEMBER, packed, MEMBER);
    struct error err = {0};
    struct text_reader reader;
    char *line = "";
    const char *path = testing_write(testing_folder(), "lines.gz", members, (size_t)2 * MEMBER);
    CU_ASSERT_EQUAL_FATAL(text_reader_open(&reader, path, &err), 0);
    size_t n_lines = 0;
    for (; text_reader_next(&reader, &line, &err) == 0 && line != NULL; n_lines++)
        if (n_lines == 2)
            CU_ASSERT_STRING_EQUAL(line, "lasta b"); /* the first member has no line end at its end */
    CU_ASSERT_EQUAL(n_lines, 5);
    text_reader_close(&reader);
    for (size_t at = 0; at < 3; at++) { /* the magic number and the method */
        members[MEMBER + at] ^= 1;
        assert_damaged(members, (size_t)2 * MEMBER);
        members[MEMBER + at] ^= 1;
    }
    assert_damaged(members, MEMBER + 1);
}

/* In front of the first line, and nowhere else. */
static void reader_passes_over_a_byte_order_mark(void)
{
    const char *path = testing_write_text(testing_folder(), "marked",
                                          "\xEF\xBB\xBF"
                                          "a b\n\xEF\xBB\xBF"
                                          "c\n");
    struct error err = {0};
    struct text_reader reader;
    char *line;
    CU_ASSERT_EQUAL_FATAL(text_reader_open(&reader, path, &err), 0);
    CU_ASSERT_EQUAL(text_reader_next(&reader, &line, &err), 0);
    CU_ASSERT_STRING_EQUAL(line, "a b");
    CU_ASSERT_EQUAL(text_reader_next(&reader, &line, &err), 0);
    CU_ASSERT_STRING_EQUAL(line, "\xEF\xBB\xBF"
                                 "c");
    text_reader_close(&reader);
}

static void reader_refuses_what_is_not_text(void)
{
    const char *folder = testing_folder();
    const char *path = testing_write(folder, "binary.txt", "ok\nl\0\1\n", 7);
    struct error err = {0};
    struct text_reader reader;
    char *line = NULL, expected[300];
    CU_ASSERT_EQUAL_FATAL(text_reader_open(&reader, path, &err), 0);
    CU_ASSERT_EQUAL(text_reader_next(&reader, &line, &err), 0);
    CU_ASSERT_EQUAL(text_reader_next(&reader, &line, &err), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_PTR_NULL(line);
    snprintf(expected, sizeof expected, "%s:2: holds a zero byte; expected a text file", path);
    CU_ASSERT_STRING_EQUAL(err.message, expected);
    text_reader_close(&reader);
    err = (struct error){0};
    snprintf(expected, sizeof expected, "%s/none: cannot be read: No such file or directory", folder);
    char absent[200];
    snprintf(absent, sizeof absent, "%s/none", folder);
    CU_ASSERT_EQUAL(text_reader_open(&reader, absent, &err), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message, expected);
    text_reader_close(&reader); /* legal after a failed open */
    err = (struct error){0};
    CU_ASSERT_EQUAL(text_reader_open(&reader, folder, &err), EXIT_CODE_BAD_INPUT);
    snprintf(expected, sizeof expected, "%s: a folder found; expected a file", folder);
    CU_ASSERT_STRING_EQUAL(err.message, expected);
    text_reader_close(&reader);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"fields_at_blanks", fields_at_blanks},
        {"fields_at_tabs", fields_at_tabs},
        {"fields_of_csv", fields_of_csv},
        {"numbers_are_strict", numbers_are_strict},
        {"integers_are_strict", integers_are_strict},
        {"endings", endings},
        {"missing_values", missing_values},
        {"index_finds_the_first_of_a_name", index_finds_the_first_of_a_name},
        {"reader_takes_every_line_ending", reader_takes_every_line_ending},
        {"fields_are_read_as_they_are_written", fields_are_read_as_they_are_written},
        {"reader_unpacks", reader_unpacks},
        {"reader_unpacks_every_member", reader_unpacks_every_member},
        {"reader_passes_over_a_byte_order_mark", reader_passes_over_a_byte_order_mark},
        {"reader_refuses_what_is_not_text", reader_refuses_what_is_not_text},
    };
    return testing_main(argc, argv, "text", cases, sizeof cases / sizeof *cases);
}
