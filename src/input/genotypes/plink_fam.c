#include "input/genotypes/plink_fam.h"

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
    return subjects_add(subjects, fields[0], fields[1], reader->line_number, err);
}

int plink_fam_read(struct subjects *subjects, const char *path, struct error *err)
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
    if (code == 0 && (subjects->iid.count == 0 || subjects->iid.count > UINT32_MAX))
        code = error_set(err, EXIT_CODE_BAD_INPUT, "%s: %zu subjects found; expected 1 to %u", path,
                         subjects->iid.count, UINT32_MAX);
    if (code == 0)
        code = subjects_check_unique(subjects, path, err);
    if (code != 0)
        subjects_free(subjects);
    return code;
}

/* Says that two .fam files differ, with someone who is only in one of them. */
static int report_difference(const struct text_list *fid, const struct text_list *iid, const char *path,
                             const struct subjects *others, const char *others_path, const ptrdiff_t *found,
                             struct error *err)
{
    bool *taken = memory_zeroed(others->iid.count, sizeof *taken, "matched subjects", err);
    if (taken == NULL)
        return err->code;
    char name[SUBJECTS_NAME_BYTES] = "";
    const char *only_in = NULL;
    for (size_t i = 0; i < iid->count && only_in == NULL; i++) {
        if (found[i] != TEXT_NOT_FOUND) {
            taken[found[i]] = true;
        } else {
            only_in = path;
            subjects_name(name, fid->items[i], iid->items[i]);
        }
    }
    for (size_t i = 0; i < others->iid.count && only_in == NULL; i++) {
        if (!taken[i]) {
            only_in = others_path;
            subjects_name(name, others->fid.items[i], others->iid.items[i]);
        }
    }
    free(taken);
    if (only_in == NULL)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: %zu subjects and %s: %zu subjects do not agree: %s is only in %s; expected the same subjects "
        "in every fileset",
        path, iid->count, others_path, others->iid.count, name, only_in);
}

int plink_fam_match(const struct text_list *fid, const struct text_list *iid, const char *path,
                    const struct subjects *others, const char *others_path, uint32_t *rows, struct error *err)
{
    ptrdiff_t *found = memory_zeroed(iid->count, sizeof *found, "matched subjects", err);
    if (found == NULL)
        return err->code;
    int code = subjects_match(fid, iid, others, others_path, found, err);
    if (code == 0)
        code = report_difference(fid, iid, path, others, others_path, found, err);
    for (size_t i = 0; code == 0 && i < iid->count; i++)
        rows[i] = (uint32_t)found[i];
    free(found);
    return code;
}

/* The numbers of one line. `fields` has room for the last column asked for. */
static void read_line(char *line, char **fields, size_t n_fields, size_t line_number, char *const *names,
                      const int *columns, size_t count, struct numbers *numbers, double *values,
                      struct error *err)
{
    size_t found = 0;
    char *rest = line;
    while (found < n_fields && (fields[found] = text_next_field(&rest, ' ')) != NULL)
        found++;
    for (size_t k = 0; k < count; k++) {
        if ((size_t)columns[k] <= found)
            values[k] = numbers_parse(numbers, fields[columns[k] - 1], line_number, names[k], err);
        else
            problems_add(&numbers->problems, err, "%s:%zu: %zu fields found; expected at least %d (for %s)",
                         numbers->path, line_number, found, columns[k], names[k]);
    }
}

int plink_fam_read_numbers(const char *path, const ptrdiff_t *subject_of_row, size_t n_rows,
                           char *const *names, const int *columns, size_t count,
                           const struct text_list *missing_codes, double *values, struct error *err)
{
    int last = FAM_FIELDS;
    for (size_t k = 0; k < count; k++)
        last = columns[k] > last ? columns[k] : last;
    char **fields = memory_zeroed((size_t)last, sizeof *fields, "the fields of a .fam line", err);
    if (fields == NULL)
        return err->code;
    struct numbers numbers;
    numbers_init(&numbers, path, missing_codes);
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
            read_line(line, fields, (size_t)last, reader.line_number, names, columns, count, &numbers,
                      values + (size_t)subject_of_row[row] * count, err);
        row++;
    }
    text_reader_close(&reader);
    free(fields);
    return code == 0 ? numbers_end(&numbers, err) : code;
}
