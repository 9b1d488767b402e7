#include "images/label_names.h"

#include "base/memory.h"
#include "base/utf8_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { MOST_COLUMNS = 64, MOST_LABELS = 100000 };

/* Which columns hold number and name. */
struct layout {
    char separator;
    bool has_header;
    size_t number_field, name_field; /* without a header: the first one, and what find_name says */
};

static size_t split(char *line, char separator, char *fields[MOST_COLUMNS])
{
    size_t count = 0;
    char *rest = line, *field;
    while (count < MOST_COLUMNS && (field = text_next_field(&rest, separator)) != NULL)
        fields[count++] = field;
    return count;
}

static bool is_header(char *const *fields, size_t count, struct layout *layout)
{
    bool has_number = false, has_name = false;
    for (size_t k = 0; k < count; k++) {
        if (strcasecmp(fields[k], "index") == 0) {
            layout->number_field = k;
            has_number = true;
        } else if (strcasecmp(fields[k], "name") == 0) {
            layout->name_field = k;
            has_name = true;
        }
    }
    return has_number && has_name;
}

/* Inserts so that numbers ascend; most files are sorted already. */
static int add(struct label_names *names, int32_t number, const char *name, const struct text_reader *reader,
               struct error *err)
{
    size_t count = names->names.count, at = count;
    while (at > 0 && names->number[at - 1] > number)
        at--;
    if (at > 0 && names->number[at - 1] == number)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s:%zu: label %d found again (%s, %s); expected every number once", reader->path,
                         reader->line_number, number, names->names.items[at - 1], name);
    if (count == MOST_LABELS)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s:%zu: more than %d labels found; expected no more",
                         reader->path, reader->line_number, MOST_LABELS);
    char what[32];
    snprintf(what, sizeof what, "label %d", number);
    if (utf8_check(name, reader->path, reader->line_number, what, err) != 0)
        return err->code;
    int32_t *grown =
        memory_grow(names->number, &names->capacity, count + 1, sizeof *grown, "the atlas's names", err);
    if (grown == NULL)
        return err->code;
    names->number = grown;
    if (text_list_add(&names->names, name, err) != 0)
        return err->code;
    char *added = names->names.items[count];
    memmove(grown + at + 1, grown + at, (count - at) * sizeof *grown);
    memmove(names->names.items + at + 1, names->names.items + at, (count - at) * sizeof added);
    grown[at] = number;
    names->names.items[at] = added;
    return 0;
}

/* Which field of a line without a header is the name: the second, or where that is a number (ITK-SNAP's
 * colours) the first that is none. */
static size_t find_name(char *const *fields, size_t count)
{
    double number;
    for (size_t k = 1; k < count; k++)
        if (fields[k][0] != '\0' && !text_to_double(fields[k], &number))
            return k;
    return 1;
}

/* The words from field `name` on, up to the next number or comment, with a blank between them: "Left Putamen"
 * of `7 Left Putamen 12 48 255 0`. */
static char *join_words(char *const *fields, size_t name, size_t count, struct error *err)
{
    double number;
    char *words = memory_string(fields[name], err);
    for (size_t k = name + 1;
         words != NULL && k < count && fields[k][0] != '#' && !text_to_double(fields[k], &number); k++) {
        char *longer = memory_format(err, "%s %s", words, fields[k]);
        free(words);
        words = longer;
    }
    return words;
}

static int read_line(struct label_names *names, const struct text_reader *reader, const struct layout *layout,
                     char *const *fields, size_t count, struct error *err)
{
    int64_t number = 0;
    size_t name = layout->has_header ? layout->name_field : find_name(fields, count);
    size_t last = layout->number_field > name ? layout->number_field : name;
    if (count <= last || !text_to_int64(fields[layout->number_field], &number) || number < 0 ||
        number > INT32_MAX || fields[name][0] == '\0')
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s:%zu: no label found; expected a number from 0 to %d and a name", reader->path,
                         reader->line_number, INT32_MAX);
    if (number == 0)
        return 0;
    bool in_words = layout->separator == ' ' && !layout->has_header;
    char *words = join_words(fields, name, in_words ? count : name + 1, err);
    int code = words != NULL ? add(names, (int32_t)number, words, reader, err) : err->code;
    free(words);
    return code;
}

/* A tab if there is one, else a comma or semicolon behind the first word, else blanks. */
static char find_separator(const char *line)
{
    if (strchr(line, '\t') != NULL)
        return '\t';
    char next = line[strcspn(line, " ,;")];
    return next == ',' || next == ';' ? next : ' ';
}

/* Reads up to `most` labels. */
static int read_lines(struct label_names *names, struct text_reader *reader, size_t most, struct error *err)
{
    struct layout layout = {.separator = ' '};
    char *line, *fields[MOST_COLUMNS];
    bool first = true;
    while (names->names.count < most && text_reader_next(reader, &line, err) == 0 && line != NULL) {
        char start = line[strspn(line, " \t")];
        if (start == '\0' || start == '#') /* FreeSurfer's colour tables have comments */
            continue;
        if (first)
            layout.separator = find_separator(line);
        size_t count = split(line, layout.separator, fields);
        bool header = first && is_header(fields, count, &layout);
        layout.has_header |= header;
        first = false;
        if (!header && read_line(names, reader, &layout, fields, count, err) != 0)
            return err->code;
    }
    if (err->code == 0 && names->names.count == 0)
        error_set(err, EXIT_CODE_BAD_INPUT, "%s: no label found; expected a number and a name on each line",
                  reader->path);
    return err->code;
}

static int read_some(struct label_names *names, const char *path, size_t most, struct error *err)
{
    *names = (struct label_names){0};
    struct text_reader reader;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    int code = read_lines(names, &reader, most, err);
    text_reader_close(&reader);
    if (code != 0)
        label_names_free(names);
    return code;
}

int label_names_read(struct label_names *names, const char *path, struct error *err)
{
    return read_some(names, path, SIZE_MAX, err);
}

int label_names_begin(const char *path, bool *begins, struct error *why_not, struct error *err)
{
    struct label_names names = {0};
    struct text_reader reader;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    int code = read_lines(&names, &reader, 1, why_not);
    *begins = code == 0;
    if (code != 0 && (code != EXIT_CODE_BAD_INPUT || ferror(reader.file)))
        *err = *why_not;
    text_reader_close(&reader);
    label_names_free(&names);
    return err->code;
}

void label_names_free(struct label_names *names)
{
    free(names->number);
    text_list_free(&names->names);
    *names = (struct label_names){0};
}

const char *label_names_find(const struct label_names *names, int32_t number)
{
    size_t low = 0, high = names->names.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (names->number[middle] == number)
            return names->names.items[middle];
        if (names->number[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

int label_names_beside(const char *atlas, char **path, struct error *err)
{
    static const char *const endings[] = {".tsv", ".nii.txt", ".txt", ".csv"};
    size_t length = strlen(atlas);
    length -= text_ends_with(atlas, ".nii.gz") ? 7 : text_ends_with(atlas, ".nii") ? 4 : 0;
    *path = NULL;
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
        *path = memory_format(err, "%.*s%s", (int)length, atlas, endings[k]);
        if (*path == NULL)
            return err->code;
        if (access(*path, R_OK) == 0)
            return 0;
        free(*path);
        *path = NULL;
    }
    return 0;
}
