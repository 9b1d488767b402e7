/* The docs tell of the columns that there are, in their order, with the table's own words first. */
#include "output/result_columns.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE ARETE_TEST_DATA "/../../"

/* A file without `*` and backquotes, which only mark words; the caller's to free. */
static char *plain_text(const char *path)
{
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    for (int c = fgetc(file); c != EOF; c = fgetc(file))
        if (c != '*' && c != '`')
            fputc(c, out);
    fclose(file);
    fclose(out);
    return text;
}

/* The line after this one, when it is a row of a table. */
static const char *next_row(const char *line)
{
    const char *end = strchr(line, '\n');
    return end != NULL && end[1] == '|' ? end + 1 : NULL;
}

static void docs_list_them_all(void)
{
    char *text = plain_text(SOURCE "docs/results.md");
    const char *row = strstr(text, "\n| column of results.tsv |");
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    row = next_row(row + 1); /* the line of dashes */
    for (int id = 0; id < RESULT_COLUMNS && row != NULL; id++) {
        const struct result_column *column = result_column((enum result_id)id);
        char expected[512];
        snprintf(expected, sizeof expected, "| %s | %s", column->name, column->meaning);
        row = next_row(row);
        char found[512];
        snprintf(found, sizeof found, "%.*s", (int)strlen(expected), row != NULL ? row : "");
        ASSERT_CONTAINS(found, expected);
    }
    CU_ASSERT_PTR_NULL(row != NULL ? next_row(row) : row);
    free(text);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

static void docs_list_every_map(void)
{
    char *text = plain_text(SOURCE "docs/images.md");
    char *table = strstr(text, "\n| map |");
    size_t n_maps = 0;
    CU_ASSERT_PTR_NOT_NULL_FATAL(table);
    char *end = strstr(table, "\n\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(end);
    *end = '\0';
    for (int id = 0; id < RESULT_COLUMNS; id++) {
        const struct result_map *map = &result_column((enum result_id)id)->map;
        char row[128];
        if (map->name == NULL)
            continue;
        snprintf(row, sizeof row, "\n| %s.nii.gz |", map->name);
        ASSERT_CONTAINS(table, row);
        CU_ASSERT_EQUAL(count_of(table, row), 1);
        n_maps++;
    }
    CU_ASSERT_EQUAL(count_of(table, ".nii.gz |"), n_maps);
    free(text);
}

static void docs_tell_of_what_is_recorded(void)
{
    char *text = plain_text(SOURCE "docs/campaign-file.md");
    for (int id = 0; id < RESULT_COLUMNS; id++) {
        const char *recorded = result_column((enum result_id)id)->recorded;
        char row[128];
        if (recorded == NULL)
            continue;
        snprintf(row, sizeof row, "| %s |", recorded);
        ASSERT_CONTAINS(text, row);
    }
    free(text);
}

static void cells(void)
{
    struct result_row row = {.target = "t", .note = "a note"};
    char cell[RESULT_CELL_BYTES];
    result_row_clear(&row);
    result_cell(cell, &row, RESULT_N, false);
    CU_ASSERT_STRING_EQUAL(cell, "NA");
    row.value[RESULT_N] = 1234567;
    result_cell(cell, &row, RESULT_N, true);
    CU_ASSERT_STRING_EQUAL(cell, "1234567");
    row.value[RESULT_P] = 1.0 / 3;
    result_cell(cell, &row, RESULT_P, false);
    CU_ASSERT_STRING_EQUAL(cell, "0.333333");
    result_cell(cell, &row, RESULT_P, true);
    CU_ASSERT_STRING_EQUAL(cell, "0.333");
    row.value[RESULT_R2] = -1.7e308; /* the longest there is */
    result_cell(cell, &row, RESULT_R2, false);
    CU_ASSERT_EQUAL(strlen(cell), 1 + 309 + 1 + 6);
    CU_ASSERT_STRING_EQUAL(result_text(&row, RESULT_TARGET), "t");
    CU_ASSERT_STRING_EQUAL(result_text(&row, RESULT_NOTE), "a note");
}

static void values_of_maps(void)
{
    struct result_row row;
    result_row_clear(&row);
    CU_ASSERT_EQUAL(result_map_value(&row, RESULT_P), 0);
    row.value[RESULT_P] = 0.001;
    row.value[RESULT_R2] = -0.5;
    CU_ASSERT_DOUBLE_EQUAL(result_map_value(&row, RESULT_P), 3, 1e-12);
    CU_ASSERT_EQUAL(result_map_value(&row, RESULT_R2), -0.5);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"docs_list_them_all", docs_list_them_all},
        {"docs_list_every_map", docs_list_every_map},
        {"docs_tell_of_what_is_recorded", docs_tell_of_what_is_recorded},
        {"cells", cells},
        {"values_of_maps", values_of_maps},
    };
    return testing_main(argc, argv, "result_columns", cases, sizeof cases / sizeof *cases);
}
