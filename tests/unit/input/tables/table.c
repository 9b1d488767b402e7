#include "input/tables/table.h"

#include "input_fixtures.h"

#include <math.h>

static const char *write_table(const char *folder, const char *text)
{
    return testing_write_text(folder, "t.tsv", text);
}

/* Opens a table of three subjects, in rows a, b, c, and reads its columns x and y for them in the order c, (b
 * not wanted), a. */
static void assert_reads(const char *text, bool has_fid)
{
    struct table table;
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(table_open(&table, write_table(testing_folder(), text), NULL, &err), 0);
    CU_ASSERT_EQUAL_FATAL(table.subjects.iid.count, 3);
    CU_ASSERT_EQUAL(table.subjects.fid.count, has_fid ? 3 : 0);
    CU_ASSERT_STRING_EQUAL(table.subjects.iid.items[1] + (table.subjects.participants ? 4 : 0), "b");
    char *names[2] = {"x", "y"};
    size_t columns[2];
    struct problems problems = {0};
    CU_ASSERT_EQUAL(table_find(&table, names, 2, columns, &problems, &err), 0);
    CU_ASSERT_EQUAL_FATAL(problems_end(&problems, &err), 0);
    double values[4];
    const ptrdiff_t subject_of_row[3] = {1, TEXT_NOT_FOUND, 0};
    CU_ASSERT_EQUAL(table_read_numbers(&table, subject_of_row,
                                       &(struct table_columns){.columns = columns, .count = 2}, values, &err),
                    0);
    ASSERT_NEAR(values[0], 3.5, 0);
    ASSERT_NEAR(values[1], -2, 0);
    ASSERT_NEAR(values[2], 1, 0);
    CU_ASSERT(isnan(values[3]));
    table_close(&table);
}

static void test_formats(void)
{
    assert_reads("FID\tIID\tx\tother\ty\n1\ta\t1\ttext\tNA\n1\tb\ttext\t\t\n1\tc\t3.5\t\t-2\n", true);
    assert_reads("#FID IID x y\n1 a  1   n/a\n\n1 b text 0\n 1 c 3.5 -2 \n", true);
    assert_reads(
        "\xEF\xBB\xBFIID,\"x\",\"a \"\"name\"\", quoted\",y\r\na,1,\"t,1\",\r\nb,2,,3\r\nc,\"3.5\",2, -2\r\n",
        false);
    assert_reads("y\tparticipant_id\tx\nn/a\tsub-a\t1\n0\tsub-b\t0\n-2\tsub-c\t3.5\n", false);
    assert_reads("#IID x y\na 1 NaN\nb 0 0\nc 35e-1 -2", false);
    assert_reads("\"FID\" \"IID\" \"x\" \"y\"\n\"1\" \"a\" 1 NA\n\"1\" \"b\" 0 0\n\"1\" \"c\" 3.5 -2\n",
                 true);
    assert_reads("\"#FID\"\t\"IID\"\t\"x\"\t\"y\"\n1\t\"a\"\t1\tNA\n1\t\"b\"\t0\t0\n1\t\"c\"\t3.5\t-2\n",
                 true);
    assert_reads("\"IID\", \"x\", \"y\"\n\"a\", 1, NA\n\"b\", 0, 0\n\"c\", \"3.5\", -2\n", false);
    assert_reads("FID;IID;\"x\";\"1, 2\";y\n1;a;1;;\n1;b;0;0;0\n1;c;3,5;0;-2.0\n", true);
    assert_reads("FID,IID,x,y\r1,a,1,\r1,b,0,0\r1,c,3.5,-2\r", true);
}

/* An ID column of another name is the only one that counts, and no target. */
static void test_id_columns(void)
{
    static const struct {
        const char *text, *id_column, *iid;
        bool participants;
    } cases[] = {
        {"lh.aparc.thickness\tx\nsub-1\t2\n", "lh.aparc.thickness", "sub-1", true},
        {"Measure:volume,x\n1,2\n", "Measure:volume", "1", true},
        {"\"eid\",\"31-0.0\",\"x\"\n\"1000012\",1,2\n", "eid", "1000012", true},
        {"x FID IID\n2 f i\n", "IID", "i", true},
        {"#ID x\ni 2\n", "#ID", "i", true},
        {"#ID x\ni 2\n", "ID", "i", true},
        {"FID IID x\nf i 2\n", NULL, "i", false},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct table table;
        struct error err = {0};
        const char *path = write_table(testing_folder(), cases[k].text);
        CU_ASSERT_EQUAL_FATAL(table_open(&table, path, cases[k].id_column, &err), 0);
        CU_ASSERT_STRING_EQUAL(table.subjects.iid.items[0], cases[k].iid);
        CU_ASSERT_EQUAL(table.subjects.participants, cases[k].participants);
        CU_ASSERT_EQUAL(table.subjects.fid.count, cases[k].id_column == NULL ? 1 : 0);
        for (size_t c = 0; c < table.columns.count; c++)
            CU_ASSERT_EQUAL(table_is_id(&table, c), strcmp(table.columns.items[c], "x") != 0 &&
                                                        strcmp(table.columns.items[c], "31-0.0") != 0);
        table_close(&table);
    }
    struct table table;
    struct error err = {0};
    const char *folder = testing_folder();
    CU_ASSERT_EQUAL(table_open(&table, write_table(folder, "IID x\na 1\n"), "eid", &err),
                    EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(
        err.message, folder,
        "@/t.tsv:1: no column eid found in the header, which begins with \"IID\"; expected the IDs there "
        "(id_column)");
}

static void test_texts(void)
{
    struct table table;
    struct error err = {0};
    struct text_list declared = {0};
    struct missing_codes codes;
    text_list_add(&declared, "none", &err);
    CU_ASSERT_EQUAL_FATAL(missing_codes_init(&codes, &declared, &err), 0);
    const char *path = write_table(testing_folder(), "IID site sex\na 2 F\nb none M\nc 10 NA\n");
    CU_ASSERT_EQUAL_FATAL(table_open(&table, path, NULL, &err), 0);
    char *texts[6] = {NULL};
    CU_ASSERT_EQUAL(
        table_read_texts(
            &table, (const ptrdiff_t[]){1, 0, TEXT_NOT_FOUND},
            &(struct table_columns){.columns = (const size_t[]){2, 1}, .count = 2, .missing_codes = &codes},
            texts, 3, &err),
        0);
    CU_ASSERT_STRING_EQUAL(texts[0], "M");
    CU_ASSERT_PTR_NULL(texts[1]);
    CU_ASSERT_PTR_NULL(texts[2]);
    CU_ASSERT_STRING_EQUAL(texts[3], "F");
    CU_ASSERT_STRING_EQUAL(texts[4], "2");
    for (size_t k = 0; k < 6; k++)
        free(texts[k]);
    missing_codes_free(&codes);
    text_list_free(&declared);
    table_close(&table);
}

static void assert_refused(const char *text, const char *expected)
{
    struct table table;
    struct error err = {0};
    const char *folder = testing_folder();
    CU_ASSERT_EQUAL(table_open(&table, write_table(folder, text), NULL, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(err.message, folder, expected);
}

static void test_bad_tables(void)
{
    assert_refused("", "@/t.tsv: is empty; expected a header line");
    assert_refused("IID x\n\n", "@/t.tsv: a header and no rows found; expected one row a subject");
    assert_refused(
        "id\tx\n1\t2\n",
        "@/t.tsv:1: no column of IDs found in the header, which begins with \"id\"; expected FID and IID, "
        "#FID and IID, IID, #IID, participant_id, or the name of another one in id_column");
    assert_refused("IID x y\na 1 2\nb 1\nc 1 2\nd 1 2 3\n",
                   "@/t.tsv:3: 2 fields found; expected 3 (as in the header)\n"
                   "@/t.tsv:5: 4 fields found; expected 3 (as in the header)");
    assert_refused("IID x\n1 a 1\n2 b 2\n",
                   "@/t.tsv:2: 3 fields found; expected 2 (as in the header); from R: row.names = FALSE\n"
                   "@/t.tsv:3: 3 fields found; expected 2 (as in the header)");
    assert_refused(
        "\"\",\"IID\",\"x\"\n\"1\",\"a\",2\n",
        "@/t.tsv:1: column 1 has no name; expected a name for every column (from R: row.names = FALSE)");
    assert_refused("\xFF\xFEI\0I\0D\0\n\0",
                   "@/t.tsv:1: is UTF-16 (\"Unicode text\" of some spreadsheets); expected UTF-8");
    assert_refused("IID x y x\na 1 2 3\n",
                   "@/t.tsv:1: column x found at fields 2 and 4; expected different column names");
    assert_refused("IID,x,\na,1,2\n", "@/t.tsv:2: a value found in column 3 or behind, which has no name in "
                                      "the header; expected a name for every column");
    assert_refused("IID,,x\na,1,2\n", "@/t.tsv:1: column 2 has no name; expected a name for every column");
    assert_refused("IID,x\na,1,\n",
                   "@/t.tsv:2: 3 fields found; expected 2 (as in the header); from R: row.names = FALSE");
    assert_refused(
        "#id x\n1 2\n",
        "@/t.tsv:1: no column of IDs found in the header, which begins with \"id\"; expected FID "
        "and IID, #FID and IID, IID, #IID, participant_id, or the name of another one in id_column");
    assert_refused(
        "# made by hand\nid x\n1 2\n",
        "@/t.tsv:2: no column of IDs found in the header, which begins with \"id\"; expected FID "
        "and IID, #FID and IID, IID, #IID, participant_id, or the name of another one in id_column");
    assert_refused("sep=;\n", "@/t.tsv: is empty; expected a header line");
    assert_refused("IID\tx\n\t1\n", "@/t.tsv:2: an empty ID found; expected the ID of a subject");
    assert_refused("IID x\na 1\nb 2\na 3\n",
                   "@/t.tsv:4: IID a found, as at line 2; expected every subject once");
    assert_refused("FID IID x\n1 a 1\n2 a 2\n1 a 3\n",
                   "@/t.tsv:4: FID 1 IID a found, as at line 2; expected every subject once");
    assert_refused("participant_id x\nsub-a 1\na 2\n",
                   "@/t.tsv:3: IID a found, as at line 2; expected every subject once");
}

/* Spreadsheets and programs put more around a table than the table. */
static void test_what_is_around_a_table(void)
{
    static const char *const TEXTS[] = {
        "sep=,\nFID,IID,x\n1,a,3\n2,b,NA\n",
        "\"SEP=,\"\nFID,IID,x\n1,a,3\n2,b,NA\n",
        "# made by R, on a Monday\n## twice\nFID,IID,x\n1,a,3\n2,b,NA\n",
        "# made by R\n#FID\tIID\tx\n1\ta\t3\n2\tb\tNA\n",
        "FID,IID,x,,\n1,a,3,,\n2,b,NA,,\n",
        "FID;IID;x;\n1;a;3;\n2;b;;\n",
        "FID,IID,x,\n1,a,3\n,,\n2,b,NA,\n,,,\n,,\n",
        "FID\tIID\tx\n1\ta\t3\n\t\t\n\"\"\t\t \n2\tb\tNA\n\t\t\n",
    };
    for (size_t k = 0; k < sizeof TEXTS / sizeof *TEXTS; k++) {
        struct table table;
        struct error err = {0};
        double values[2];
        CU_ASSERT_EQUAL_FATAL(table_open(&table, write_table(testing_folder(), TEXTS[k]), NULL, &err), 0);
        CU_ASSERT_EQUAL(table.columns.count, 3);
        CU_ASSERT_EQUAL_FATAL(table.subjects.iid.count, 2);
        CU_ASSERT_STRING_EQUAL(table.subjects.fid.items[1], "2");
        CU_ASSERT_STRING_EQUAL(table.subjects.iid.items[1], "b");
        const struct table_columns wanted = {.columns = (const size_t[]){2}, .count = 1};
        CU_ASSERT_EQUAL_FATAL(table_read_numbers(&table, (const ptrdiff_t[]){0, 1}, &wanted, values, &err),
                              0);
        CU_ASSERT_EQUAL(values[0], 3);
        CU_ASSERT(isnan(values[1]));
        table_close(&table);
    }
}

static void test_columns_not_there(void)
{
    struct table table;
    struct error err = {0};
    const char *folder = testing_folder();
    CU_ASSERT_EQUAL_FATAL(table_open(&table, write_table(folder, "# by R\nIID x\na 1\n"), NULL, &err), 0);
    char *names[] = {"PC1", "x", "PC2", "x"};
    size_t columns[4];
    struct problems problems = {0};
    CU_ASSERT_EQUAL(table_find(&table, names, 4, columns, &problems, &err), 0);
    CU_ASSERT_EQUAL(problems_end(&problems, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(err.message, folder,
                   "@/t.tsv:2: no column PC1 found; expected it in the header (2 columns)\n"
                   "@/t.tsv:2: no column PC2 found; expected it in the header (2 columns)\n"
                   "@/t.tsv:2: column x is asked for twice; expected once");
    table_close(&table);
}

/* Reads the single column x of rows r0, r1 ... with these fields. */
static int read_fields(const char *folder, const char *const *fields, size_t count,
                       const struct text_list *declared, double *values, struct error *err)
{
    char text[2000] = "IID,x\n";
    ptrdiff_t subject_of_row[40];
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "r%zu,%s\n", i, fields[i % 40]);
        subject_of_row[i] = (ptrdiff_t)i;
    }
    struct table table;
    *err = (struct error){0};
    CU_ASSERT_EQUAL_FATAL(table_open(&table, write_table(folder, text), NULL, err), 0);
    struct missing_codes codes;
    CU_ASSERT_EQUAL_FATAL(missing_codes_init(&codes, declared, err), 0);
    int code = table_read_numbers(
        &table, subject_of_row,
        &(struct table_columns){.columns = (const size_t[]){1}, .count = 1, .missing_codes = &codes}, values,
        err);
    missing_codes_free(&codes);
    table_close(&table);
    return code;
}

static void test_bad_numbers(void)
{
    const char *folder = testing_folder();
    struct error err;
    double values[40];
    const char *const fields[] = {"1", "abc", "-9", "1e999", "-9.0", "NA"};
    CU_ASSERT_EQUAL(read_fields(folder, fields, 6, NULL, values, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(
        err.message, folder,
        "@/t.tsv:3: column x: \"abc\" found; expected a number or NA\n"
        "@/t.tsv:5: column x: \"1e999\" found; expected a number or NA\n"
        "@/t.tsv:4: column x: -9 found (2 in all); expected a number or NA; if -9 means missing, write "
        "targets.missing_codes: [-9] in the study file, else targets.not_missing: [-9]");
    const char *many[40];
    for (size_t i = 0; i < 40; i++)
        many[i] = "?";
    CU_ASSERT_EQUAL(read_fields(folder, many, 40, NULL, values, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_MESSAGE(err.message, folder, "@/t.tsv:2: column x: text found, such as \"?\"; expected numbers");
    for (size_t i = 0; i < 21; i++)
        many[i] = "1";
    CU_ASSERT_EQUAL(read_fields(folder, many, 40, NULL, values, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "t.tsv:32: column x: \"?\" found; expected a number or NA\n... and 9 more");
}

static void test_declared_codes(void)
{
    const char *folder = testing_folder();
    struct error err = {0};
    struct text_list codes = {0};
    text_list_add(&codes, "-9", &err);
    text_list_add(&codes, "?", &err);
    double values[4];
    const char *const fields[] = {"-9", "-9.000", "?", "-90"};
    CU_ASSERT_EQUAL(read_fields(folder, fields, 4, &codes, values, &err), 0);
    CU_ASSERT(isnan(values[0]) && isnan(values[1]) && isnan(values[2]));
    ASSERT_NEAR(values[3], -90, 0);
    text_list_free(&codes);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"formats", test_formats},
        {"id_columns", test_id_columns},
        {"texts", test_texts},
        {"bad_tables", test_bad_tables},
        {"what is around a table", test_what_is_around_a_table},
        {"columns_not_there", test_columns_not_there},
        {"bad_numbers", test_bad_numbers},
        {"declared_codes", test_declared_codes},
    };
    return testing_main(argc, argv, "input/tables/table", cases, sizeof cases / sizeof *cases);
}
