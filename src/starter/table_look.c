#include "starter/table_look.h"

#include "base/memory.h"
#include "input/tables/decimal_marks.h"
#include "input/tables/numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Columns of numbers that are labels. */
static const char *const LABELS[] = {"site",   "scanner", "batch",    "center",       "centre", "array",
                                     "cohort", "study",   "protocol", "manufacturer", NULL};

/* What a column is made of, while it is read. */
struct levels {
    char *texts[COLUMN_MOST_LEVELS];
    size_t people[COLUMN_MOST_LEVELS], count;
    size_t n_numbers, n_words;
    struct decimal_marks marks; /* of a table between semicolons */
    bool too_many;
};

static int add_level(struct levels *levels, const char *field, struct error *err)
{
    if (levels->too_many)
        return 0;
    for (size_t k = 0; k < levels->count; k++)
        if (strcmp(levels->texts[k], field) == 0) {
            levels->people[k]++;
            return 0;
        }
    if (levels->count == COLUMN_MOST_LEVELS) {
        levels->too_many = true;
        return 0;
    }
    levels->people[levels->count] = 1;
    levels->texts[levels->count] = memory_string(field, err);
    levels->count += err->code == 0;
    return err->code;
}

static int take(struct column_look *column, struct levels *levels, const struct numbers *numbers,
                const char *field, size_t line, struct error *err)
{
    double value;
    if (numbers_is_missing(numbers, field)) {
        column->n_missing++;
        return 0;
    }
    if (text_to_double(field, &value) && value <= -9 && value >= -9) {
        column->n_minus_nine++;
        return 0;
    }
    levels->n_words += !numbers_is_number(numbers, field);
    levels->n_numbers += numbers_is_number(numbers, field);
    if (numbers->decimal_comma && numbers_is_number(numbers, field))
        decimal_marks_add(&levels->marks, field, line);
    return add_level(levels, field, err);
}

static bool is_label_name(const char *name)
{
    for (const char *const *word = LABELS; *word != NULL; word++)
        if (strcasestr(name, *word) != NULL)
            return true;
    return false;
}

/* In a .fam: PLINK's controls are 1, its cases 2. */
static void look_for_zeros(struct column_look *column, const struct levels *levels)
{
    size_t n_zeros = 0;
    bool has_two = false;
    for (size_t k = 0; k < levels->count; k++) {
        double value;
        if (levels->too_many || !text_to_double(levels->texts[k], &value) ||
            (fabs(value) > 0 && value != 1 && value != 2))
            return;
        n_zeros += fabs(value) > 0 ? 0 : levels->people[k];
        has_two |= value == 2;
    }
    column->n_zeros = n_zeros;
    column->has_two = has_two;
}

static void decide(struct column_look *column, const struct levels *levels, const char *name)
{
    column->n_levels = levels->count;
    column->fewest = levels->count > 0 ? levels->people[0] : 0;
    for (size_t k = 1; k < levels->count; k++)
        if (levels->people[k] < column->fewest)
            column->fewest = levels->people[k];
    if (levels->count < 2)
        column->kind = COLUMN_CONSTANT;
    else if ((levels->n_words > 0 && levels->n_numbers > levels->n_words) ||
             decimal_marks_clash(&levels->marks))
        column->kind = COLUMN_TEXT;
    else if (levels->n_words > 0 || is_label_name(name))
        column->kind = levels->too_many ? COLUMN_TEXT : COLUMN_LABEL;
    else
        column->kind = COLUMN_NUMBER;
}

/* Goes through the rows of people who count. */
static int read_rows(struct table_look *look, const ptrdiff_t *found, struct levels *levels,
                     struct error *err)
{
    size_t n_columns = look->table.columns.count, row = 0;
    struct numbers numbers;
    struct text_reader reader;
    char *line, **fields = memory_zeroed(n_columns, sizeof *fields, "the fields of a row", err);
    numbers_init(&numbers, look->table.path, NULL);
    numbers.decimal_comma = look->table.separator == ';';
    if (fields == NULL || text_reader_open(&reader, look->table.path, err) != 0) {
        free(fields);
        return err->code;
    }
    const struct subjects *people = &look->table.subjects; /* header, comments and blank lines are no rows */
    while (err->code == 0 && text_reader_next(&reader, &line, err) == 0 && line != NULL) {
        while (row < people->iid.count && people->lines[row] < reader.line_number)
            row++;
        if (row == people->iid.count || people->lines[row] > reader.line_number)
            continue;
        if (table_split(&look->table, line, fields, n_columns) != n_columns)
            continue;
        for (size_t k = 0; k < n_columns && err->code == 0 && found[row] != TEXT_NOT_FOUND; k++)
            if (!table_is_id(&look->table, k))
                take(&look->columns[k], &levels[k], &numbers, fields[k], reader.line_number, err);
    }
    text_reader_close(&reader);
    free(fields);
    return err->code;
}

static int look_at_columns(struct table_look *look, const ptrdiff_t *found, struct error *err)
{
    size_t n_columns = look->table.columns.count;
    struct levels *levels = memory_zeroed(n_columns, sizeof *levels, "values of columns", err);
    look->columns = memory_zeroed(n_columns, sizeof *look->columns, "columns", err);
    if (levels != NULL && look->columns != NULL && read_rows(look, found, levels, err) == 0)
        for (size_t k = 0; k < n_columns; k++) {
            if (table_is_id(&look->table, k))
                continue; /* COLUMN_ID is 0 */
            decide(&look->columns[k], &levels[k], look->table.columns.items[k]);
            if (look->without_header)
                look_for_zeros(&look->columns[k], &levels[k]);
        }
    for (size_t k = 0; levels != NULL && k < n_columns; k++)
        for (size_t l = 0; l < levels[k].count; l++)
            free(levels[k].texts[l]);
    free(levels);
    return err->code;
}

/* found[row] = the person's position, and how many there are; nobody where the IDs do not fit. */
static ptrdiff_t *match(const struct table *table, const struct subjects *people, size_t *n_found,
                        struct error *err)
{
    size_t n_rows = table->subjects.iid.count, n_people = people->iid.count;
    ptrdiff_t *found = memory_zeroed(n_rows, sizeof *found, "matched people", err);
    ptrdiff_t *rows = memory_zeroed(n_people, sizeof *rows, "matched rows", err);
    struct error unfit = {0};
    *n_found = 0;
    for (size_t k = 0; found != NULL && k < n_rows; k++)
        found[k] = TEXT_NOT_FOUND;
    if (found != NULL && rows != NULL &&
        subjects_match(&people->fid, &people->iid, &table->subjects, table->path, rows, &unfit) == 0)
        for (size_t i = 0; i < n_people; i++)
            if (rows[i] != TEXT_NOT_FOUND) {
                *n_found += found[rows[i]] == TEXT_NOT_FOUND;
                found[rows[i]] = (ptrdiff_t)i;
            }
    free(rows);
    return found;
}

static int refuse(struct table_look *look, const char *why, struct error *err)
{
    const char *end = strchr(why, '\n');
    table_look_free(look);
    look->refused = memory_format(err, "%.*s", (int)(end != NULL ? (size_t)(end - why) : strlen(why)), why);
    return err->code;
}

/* Opens the table by one of its first columns, whichever holds people who count. */
static int open_by_content(struct table_look *look, const char *path, const struct subjects *people,
                           struct error *err)
{
    enum { FIRST_COLUMNS = 4 };
    struct text_list header = {0};
    struct error unfit = {0};
    if (table_header(path, &header, &unfit) != 0)
        return refuse(look, unfit.message, err);
    for (size_t k = 0; k < header.count && k < FIRST_COLUMNS && look->id_column == NULL && err->code == 0;
         k++) {
        size_t n_found = 0;
        unfit = (struct error){0};
        if (table_open(&look->table, path, header.items[k], &unfit) != 0)
            continue;
        free(match(&look->table, people, &n_found, err));
        if (2 * n_found > look->table.subjects.iid.count || 2 * n_found > people->iid.count)
            look->id_column = memory_string(header.items[k], err);
        else
            table_close(&look->table);
    }
    text_list_free(&header);
    if (err->code == 0 && look->id_column == NULL)
        return refuse(look,
                      "no column of IDs found (FID and IID, IID, participant_id, or people of the genotypes)",
                      err);
    return err->code;
}

int table_look_read(struct table_look *look, const char *path, const struct subjects *people,
                    struct error *err)
{
    *look = (struct table_look){0};
    struct error unfit = {0};
    if (table_open(&look->table, path, NULL, &unfit) != 0 &&
        (open_by_content(look, path, people, err) != 0 || look->refused != NULL))
        return err->code;
    ptrdiff_t *found = match(&look->table, people, &look->n_people, err);
    if (found != NULL && look->n_people == 0)
        refuse(look, "nobody in it is in the genotypes", err);
    else if (found != NULL)
        look_at_columns(look, found, err);
    free(found);
    if (err->code != 0)
        table_look_free(look);
    return err->code;
}

/* Names for the columns of a .fam, which has no header, and its people. */
static int open_fam(struct table *table, const char *path, struct error *err)
{
    enum { FAM_COLUMNS = 5 };
    struct text_reader reader;
    char *line, *fields[2];
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    *table = (struct table){.path = memory_string(path, err), .separator = ' ', .iid_column = 1};
    while (err->code == 0 && text_reader_next(&reader, &line, err) == 0 && line != NULL) {
        size_t count = table_split(table, line, fields, 2);
        for (size_t k = table->columns.count; k < count && err->code == 0; k++) {
            char name[32];
            snprintf(name, sizeof name, k < FAM_COLUMNS ? "%zu (of PLINK)" : "%zu", k + 1);
            text_list_add(&table->columns, name, err);
        }
        if (count > 1 && err->code == 0)
            subjects_add(&table->subjects, fields[0], fields[1], &reader, err);
    }
    text_reader_close(&reader);
    return err->code;
}

int table_look_read_fam(struct table_look *look, const char *path, struct error *err)
{
    enum { FAM_COLUMNS = 5 };
    *look = (struct table_look){0};
    if (open_fam(&look->table, path, err) == 0) {
        look->n_people = look->table.subjects.iid.count;
        look->without_header = true;
        ptrdiff_t *found = memory_zeroed(look->n_people, sizeof *found, "everybody", err);
        if (found != NULL)
            look_at_columns(look, found, err);
        free(found);
    }
    for (size_t k = 0; k < look->table.columns.count && k < FAM_COLUMNS && err->code == 0; k++)
        look->columns[k].kind = COLUMN_ID;
    if (err->code != 0)
        table_look_free(look);
    return err->code;
}

void table_look_free(struct table_look *look)
{
    table_close(&look->table);
    free(look->id_column);
    free(look->columns);
    free(look->refused);
    *look = (struct table_look){0};
}

size_t table_look_count(const struct table_look *look, enum column_kind kind)
{
    size_t count = 0;
    for (size_t k = 0; k < look->table.columns.count; k++)
        count += look->columns[k].kind == kind;
    return count;
}

ptrdiff_t table_look_find(const struct table_look *look, const char *name)
{
    for (size_t k = 0; k < look->table.columns.count; k++)
        if (strcasecmp(look->table.columns.items[k], name) == 0)
            return (ptrdiff_t)k;
    return TEXT_NOT_FOUND;
}
