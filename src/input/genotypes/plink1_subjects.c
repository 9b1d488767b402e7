/* .fam files: the subjects of a fileset, and targets that stand beside them. */
#include "input/genotypes/plink1.h"

#include "base/memory.h"
#include "input/tables/numbers.h"
#include "input/tables/problems.h"

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

/* The numbers of one line. `fields` has room for the last column asked for. */
static void read_line(const struct genotype_columns *columns, char *line, char **fields, size_t n_fields,
                      size_t line_number, struct numbers *numbers, double *values, struct error *err)
{
    size_t found = 0;
    char *rest = line;
    while (found < n_fields && (fields[found] = text_next_field(&rest, ' ')) != NULL)
        found++;
    for (size_t k = 0; k < columns->count; k++) {
        int column = columns->columns[k];
        if ((size_t)column <= found)
            values[k] = numbers_parse(numbers, fields[column - 1], line_number, columns->names[k], err);
        else
            problems_add(&numbers->problems, err, "%s:%zu: %zu fields found; expected at least %d (for %s)",
                         numbers->path, line_number, found, column, columns->names[k]);
    }
}

int plink1_subjects_read_columns(const char *path, const struct genotype_columns *columns,
                                 const ptrdiff_t *subject_of_row, size_t n_rows, double *values,
                                 struct error *err)
{
    int last = FAM_FIELDS;
    for (size_t k = 0; k < columns->count; k++)
        last = columns->columns[k] > last ? columns->columns[k] : last;
    char **fields = memory_zeroed((size_t)last, sizeof *fields, "the fields of a .fam line", err);
    if (fields == NULL)
        return err->code;
    struct numbers numbers;
    numbers_init(&numbers, path, columns->missing_codes);
    struct text_reader reader;
    char *line;
    size_t row = 0;
    int code = text_reader_open(&reader, path, err);
    while (code == 0 && (code = text_reader_next(&reader, &line, err)) == 0 && line != NULL) {
        if (line[strspn(line, " \t")] == '\0')
            continue;
        if (row == n_rows)
            code = error_set(err, EXIT_CODE_BAD_INPUT, "%s: changed while it was read", path);
        else if (subject_of_row[row] != TEXT_NOT_FOUND)
            read_line(columns, line, fields, (size_t)last, reader.line_number, &numbers,
                      values + (size_t)subject_of_row[row] * columns->count, err);
        row++;
    }
    text_reader_close(&reader);
    free(fields);
    return code == 0 ? numbers_end(&numbers, err) : code;
}
