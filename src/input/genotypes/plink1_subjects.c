/* .fam files: the subjects of a fileset, and targets that stand beside them. */
#include "input/genotypes/plink1.h"

#include "base/memory.h"
#include "input/tables/numbers.h"
#include "input/tables/problems.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAM_FIELDS = 6 };

static int add_line(struct subjects *subjects, const struct text_reader *reader, char *line,
                    struct problems *problems, struct error *err)
{
    const char *fields[FAM_FIELDS] = {NULL};
    size_t count = 0;
    char *rest = line;
    while (count < FAM_FIELDS && (fields[count] = text_next_field(&rest, ' ')) != NULL)
        count++;
    if (count == 0)
        return 0;
    if (count < FAM_FIELDS) {
        problems_add(
            problems, err,
            "%s:%zu: %zu field%s found; expected 6 or more (FID, IID, father, mother, sex, phenotype)",
            reader->path, reader->line_number, count, count == 1 ? "" : "s");
        return 0;
    }
    return subjects_add(subjects, fields[0], fields[1], reader, err);
}

int plink1_subjects_read(const char *path, struct subjects *subjects, struct error *err)
{
    *subjects = (struct subjects){0};
    struct problems problems = {0};
    struct text_reader reader;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    char *line;
    int code;
    while ((code = text_reader_next(&reader, &line, err)) == 0 && line != NULL)
        if ((code = add_line(subjects, &reader, line, &problems, err)) != 0)
            break;
    text_reader_close(&reader);
    if (code == 0)
        code = problems_end(&problems, err);
    if (code == 0)
        code = subjects_check_unique(subjects, path, err);
    if (code != 0)
        subjects_free(subjects);
    return code;
}

/* Lines without that column: told of once, as they are mostly all. And how a phenotype is written: a column
 * that holds 0, 1 and 2 alone is PLINK's way of writing cases and controls, of whom 0 is neither. */
struct phenotype {
    size_t n_short, first_short_line, first_short_fields;
    size_t n_zero, first_line;
    bool has_case_or_control, has_others;
};

static void look_at(struct phenotype *phenotype, double value, size_t line)
{
    bool is_zero = fabs(value) == 0, is_case_or_control = value == 1 || value == 2;
    if (is_zero && phenotype->n_zero++ == 0)
        phenotype->first_line = line;
    phenotype->has_case_or_control |= is_case_or_control;
    phenotype->has_others |= !is_zero && !is_case_or_control && !isnan(value);
}

/* What is in hand while targets are read. */
struct column_reading {
    const struct genotype_columns *columns;
    struct numbers numbers;
    struct phenotype *phenotypes; /* of each column */
    char **fields;                /* n_fields: up to the last column asked for */
    size_t n_fields;
};

static int column_reading_init(struct column_reading *reading, const char *path,
                               const struct genotype_columns *columns, struct error *err)
{
    *reading = (struct column_reading){.columns = columns, .n_fields = FAM_FIELDS};
    for (size_t k = 0; k < columns->count; k++)
        if ((size_t)columns->columns[k] > reading->n_fields)
            reading->n_fields = (size_t)columns->columns[k];
    numbers_init(&reading->numbers, path, columns->missing_codes);
    reading->fields =
        memory_zeroed(reading->n_fields, sizeof *reading->fields, "the fields of a .fam line", err);
    reading->phenotypes =
        memory_zeroed(columns->count, sizeof *reading->phenotypes, "the targets of a .fam", err);
    return err->code;
}

static void column_reading_free(struct column_reading *reading)
{
    free(reading->fields);
    free(reading->phenotypes);
}

/* The numbers of one line. */
static void read_line(struct column_reading *reading, char *line, size_t line_number, double *values,
                      struct error *err)
{
    const struct genotype_columns *columns = reading->columns;
    struct numbers *numbers = &reading->numbers;
    size_t found = 0;
    char *rest = line;
    while (found < reading->n_fields && (reading->fields[found] = text_next_field(&rest, ' ')) != NULL)
        found++;
    for (size_t k = 0; k < columns->count; k++) {
        int column = columns->columns[k];
        if ((size_t)column > found) {
            if (reading->phenotypes[k].n_short++ == 0) {
                reading->phenotypes[k].first_short_line = line_number;
                reading->phenotypes[k].first_short_fields = found;
            }
            continue;
        }
        values[k] = numbers_parse(numbers, reading->fields[column - 1], line_number, columns->names[k], err);
        look_at(&reading->phenotypes[k], values[k], line_number);
    }
}

static void refuse_short_lines(struct column_reading *reading, struct error *err)
{
    struct numbers *numbers = &reading->numbers;
    for (size_t k = 0; k < reading->columns->count; k++) {
        const struct phenotype *phenotype = &reading->phenotypes[k];
        char more[64] = "";
        if (phenotype->n_short > 1)
            snprintf(more, sizeof more, ", and so in %zu line%s more", phenotype->n_short - 1,
                     phenotype->n_short == 2 ? "" : "s");
        if (phenotype->n_short > 0)
            problems_add(&numbers->problems, err, "%s:%zu: %zu fields found%s; expected at least %d (for %s)",
                         numbers->path, phenotype->first_short_line, phenotype->first_short_fields, more,
                         reading->columns->columns[k], reading->columns->names[k]);
    }
}

static int refuse_zeros(const struct column_reading *reading, struct error *err)
{
    const struct numbers *numbers = &reading->numbers;
    struct problems problems = {0};
    if (missing_codes_has_value(numbers->missing_codes, 0))
        return err->code;
    for (size_t k = 0; k < reading->columns->count; k++) {
        const struct phenotype *phenotype = &reading->phenotypes[k];
        if (phenotype->n_zero > 0 && phenotype->has_case_or_control && !phenotype->has_others)
            problems_add(&problems, err,
                         "%s:%zu: column %s: 0 found (%zu in all) beside 1 and 2, as PLINK writes a missing "
                         "phenotype; if it means missing, write targets.missing_codes: [0] in the study "
                         "file, else %s.not_missing: [0]",
                         numbers->path, phenotype->first_line, reading->columns->names[k], phenotype->n_zero,
                         numbers_section(numbers));
    }
    problems_end(&problems, err);
    return err->code;
}

int plink1_subjects_read_columns(const char *path, const struct genotype_columns *columns,
                                 const ptrdiff_t *subject_of_row, size_t n_rows, double *values,
                                 struct error *err)
{
    struct column_reading reading;
    struct text_reader reader = {0};
    char *line;
    size_t row = 0;
    int code = column_reading_init(&reading, path, columns, err);
    if (code == 0)
        code = text_reader_open(&reader, path, err);
    while (code == 0 && (code = text_reader_next(&reader, &line, err)) == 0 && line != NULL) {
        if (line[strspn(line, " \t")] == '\0')
            continue;
        if (row == n_rows)
            code = error_set(err, EXIT_CODE_BAD_INPUT, "%s: changed while it was read", path);
        else if (subject_of_row[row] != TEXT_NOT_FOUND)
            read_line(&reading, line, reader.line_number,
                      values + (size_t)subject_of_row[row] * columns->count, err);
        row++;
    }
    text_reader_close(&reader);
    if (code == 0) {
        refuse_short_lines(&reading, err);
        numbers_end(&reading.numbers, err);
        code = refuse_zeros(&reading, err);
    }
    column_reading_free(&reading);
    return code;
}
