#include "calls_format.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { ID, CHROMOSOME, POSITION, COUNTED, OTHER, FIELDS };

/* The fields before the calls; false when the line has fewer. */
static bool take_fields(char **rest, const char *fields[FIELDS])
{
    for (size_t k = 0; k < FIELDS; k++)
        if ((fields[k] = text_next_field(rest, ' ')) == NULL)
            return false;
    return true;
}

static int refuse_line(const struct text_reader *reader, struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s:%zu: not a line of a .calls file", reader->path,
                     reader->line_number);
}

static int read_subjects(const char *path, struct subjects *subjects, struct error *err)
{
    *subjects = (struct subjects){0};
    const char *fields[FIELDS];
    struct text_reader reader;
    char *line, *iid;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    if (text_reader_next(&reader, &line, err) == 0 && !take_fields(&line, fields))
        refuse_line(&reader, err);
    while (err->code == 0 && (iid = text_next_field(&line, ' ')) != NULL) {
        const char *fid = strsep(&iid, ":");
        if (iid == NULL)
            refuse_line(&reader, err);
        else
            subjects_add(subjects, fid, iid, &reader, err);
    }
    text_reader_close(&reader);
    if (err->code == 0)
        subjects_check_unique(subjects, path, err);
    if (err->code != 0)
        subjects_free(subjects);
    return err->code;
}

/* Tells `take` of every line of a variant. */
static int read_lines(const char *path, void *context,
                      int (*take)(void *context, const struct variant *variant, char *calls,
                                  struct error *err),
                      struct error *err)
{
    struct text_reader reader;
    char *line;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    while (text_reader_next(&reader, &line, err) == 0 && line != NULL) {
        const char *fields[FIELDS];
        if (reader.line_number == 1)
            continue;
        if (!take_fields(&line, fields)) {
            refuse_line(&reader, err);
            break;
        }
        const struct variant variant = {.id = fields[ID],
                                        .chromosome = fields[CHROMOSOME],
                                        .counted = fields[COUNTED],
                                        .other = fields[OTHER],
                                        .position = atoi(fields[POSITION])};
        if (take(context, &variant, line, err) != 0)
            break;
    }
    text_reader_close(&reader);
    return err->code;
}

static int take_variant(void *context, const struct variant *variant, char *calls, struct error *err)
{
    (void)calls;
    return variant_sink_add(context, variant, err);
}

static int read_variants(const char *path, struct variant_sink *sink, struct error *err)
{
    return read_lines(path, sink, take_variant, err);
}

/* A fileset's state. */
struct matrix {
    size_t n_subjects, next_row;
    uint8_t *calls; /* n_variants_in_file x n_subjects_in_file */
};

static int take_calls(void *context, const struct variant *variant, char *calls, struct error *err)
{
    struct matrix *matrix = context;
    uint8_t *row = matrix->calls + matrix->next_row++ * matrix->n_subjects;
    for (size_t i = 0; i < matrix->n_subjects; i++) {
        const char *field = text_next_field(&calls, ' ');
        if (field == NULL || strlen(field) != 1 || strchr("012.", *field) == NULL)
            return error_set(err, EXIT_CODE_BAD_INPUT, "%s: call %zu is not 0, 1, 2 or .", variant->id,
                             i + 1);
        row[i] = (uint8_t)(*field == '.' ? GENOTYPE_CALL_MISSING : *field - '0');
    }
    return 0;
}

static int open_calls(struct genotype_fileset *fileset, struct error *err)
{
    struct matrix *matrix = memory_zeroed(1, sizeof *matrix, "a matrix of calls", err);
    if (matrix == NULL)
        return err->code;
    fileset->state = matrix;
    matrix->n_subjects = fileset->n_subjects_in_file;
    matrix->calls = memory_zeroed(fileset->n_variants_in_file, matrix->n_subjects, "a matrix of calls", err);
    if (matrix->calls == NULL)
        return err->code;
    return read_lines(fileset->files.calls, matrix, take_calls, err);
}

static void close_calls(struct genotype_fileset *fileset)
{
    struct matrix *matrix = fileset->state;
    free(matrix->calls);
    free(matrix);
    fileset->state = NULL;
}

static int read_calls(const struct genotype_fileset *fileset, size_t first, size_t count, uint8_t *calls,
                      struct error *err)
{
    (void)err;
    const struct matrix *matrix = fileset->state;
    for (size_t k = 0; k < count; k++) {
        const uint8_t *row = matrix->calls + fileset->variant_rows[first + k] * matrix->n_subjects;
        for (size_t i = 0; i < fileset->n_subjects; i++)
            *calls++ = row[fileset->subject_rows[i]];
    }
    return 0;
}

const struct genotype_format calls_format = {
    .name = "calls",
    .calls = ".calls",
    .variants = ".calls",
    .subjects = ".calls",
    .read_subjects = read_subjects,
    .read_variants = read_variants,
    .open_calls = open_calls,
    .close_calls = close_calls,
    .read_calls = read_calls,
};
