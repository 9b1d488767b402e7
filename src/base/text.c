#include "base/text.h"

#include "base/memory.h"
#include "base/open_file.h"
#include "base/unpack.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int text_list_add(struct text_list *list, const char *text, struct error *err)
{
    char **grown =
        memory_grow(list->items, &list->capacity, list->count + 1, sizeof *grown, "a list of strings", err);
    if (grown == NULL)
        return err->code;
    list->items = grown;
    char *copy = memory_string(text, err);
    if (copy == NULL)
        return err->code;
    list->items[list->count++] = copy;
    return 0;
}

void text_list_free(struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct text_list){0};
}

struct named_position {
    const char *name;
    size_t position;
};

static int compare_names(const void *a, const void *b)
{
    const struct named_position *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    if (order != 0)
        return order;
    return left->position < right->position ? -1 : left->position > right->position;
}

int text_index_init(struct text_index *index, char *const *names, size_t count, struct error *err)
{
    *index = (struct text_index){0};
    struct named_position *sorted = memory_zeroed(count, sizeof *sorted, "an index of names", err);
    index->names = memory_zeroed(count, sizeof *index->names, "an index of names", err);
    index->positions = memory_zeroed(count, sizeof *index->positions, "an index of names", err);
    if (sorted == NULL || index->names == NULL || index->positions == NULL) {
        free(sorted);
        text_index_free(index);
        return err->code;
    }
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct named_position){names[i], i};
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 0; i < count; i++) {
        index->names[i] = sorted[i].name;
        index->positions[i] = sorted[i].position;
    }
    index->count = count;
    free(sorted);
    return 0;
}

void text_index_free(struct text_index *index)
{
    free(index->names);
    free(index->positions);
    *index = (struct text_index){0};
}

ptrdiff_t text_index_find(const struct text_index *index, const char *name)
{
    size_t low = 0, high = index->count;
    while (low < high) { /* the first entry that is not before the name */
        size_t middle = low + (high - low) / 2;
        if (strcmp(index->names[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < index->count && strcmp(index->names[low], name) == 0)
        return (ptrdiff_t)index->positions[low];
    return TEXT_NOT_FOUND;
}

ptrdiff_t text_index_duplicate(const struct text_index *index)
{
    for (size_t i = 1; i < index->count; i++)
        if (strcmp(index->names[i - 1], index->names[i]) == 0)
            return (ptrdiff_t)index->positions[i];
    return TEXT_NOT_FOUND;
}

static bool has_blank(const char *text)
{
    return strpbrk(text, " \t\n\v\f\r") != NULL; /* strtod and strtoll skip these in front */
}

bool text_to_double(const char *text, double *value)
{
    if (*text == '\0' || has_blank(text) || strpbrk(text, "xX") != NULL) /* strtod takes hexadecimal */
        return false;
    char *end;
    double parsed = strtod(text, &end);
    if (*end != '\0' || !isfinite(parsed))
        return false;
    *value = parsed;
    return true;
}

bool text_to_int64(const char *text, int64_t *value)
{
    if (*text == '\0' || has_blank(text))
        return false;
    char *end;
    errno = 0;
    long long parsed = strtoll(text, &end, 10);
    if (*end != '\0' || errno != 0)
        return false;
    *value = parsed;
    return true;
}

bool text_ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), n = strlen(ending);
    return length > n && strcmp(text + length - n, ending) == 0;
}

bool text_is_missing(const char *text)
{
    return *text == '\0' || strcasecmp(text, "NA") == 0 || strcasecmp(text, "NaN") == 0 ||
           strcasecmp(text, "n/a") == 0;
}

enum { BUFFER_BYTES = 64 << 10 };

/* What some spreadsheets and editors write in front of UTF-8. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

int text_reader_open(struct text_reader *reader, const char *path, struct error *err)
{
    *reader = (struct text_reader){0};
    reader->path = memory_string(path, err);
    if (reader->path == NULL)
        return err->code;
    reader->file = open_file_stream(path, err);
    if (reader->file == NULL) {
        text_reader_close(reader);
        return err->code;
    }
    reader->buffer = memory_aligned(BUFFER_BYTES, 1, "reading a text file", err);
    if (reader->buffer == NULL) {
        text_reader_close(reader);
        return err->code;
    }
    reader->file = unpack_stream(reader->file);
    if (reader->file == NULL) {
        if (errno == ENOMEM)
            error_set(err, EXIT_CODE_FAILED, "out of memory for reading %s", path);
        else
            error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be read: %s", path, strerror(errno));
        text_reader_close(reader);
        return err->code;
    }
    setvbuf(reader->file, reader->buffer, _IOFBF, BUFFER_BYTES);
    return 0;
}

/* What a file that is no UTF-8 text begins with, where it can be told. */
static bool is_utf_16(const struct text_reader *reader)
{
    return reader->line_number == 0 &&
           (strncmp(reader->line, "\xFF\xFE", 2) == 0 || strncmp(reader->line, "\xFE\xFF", 2) == 0);
}

/* Reads the next line into reader->line; *found: there was one. */
static int read_line(struct text_reader *reader, bool *found, struct error *err)
{
    *found = false;
    errno = 0;
    ssize_t length = getline(&reader->line, &reader->capacity, reader->file);
    size_t number = reader->line_number + 1;
    if (length < 0 || ferror(reader->file)) { /* what was read before an error comes as a line */
        if (!ferror(reader->file) && feof(reader->file))
            return 0;
        return error_set(
            err, EXIT_CODE_BAD_INPUT, "%s:%zu: cannot be read: %s", reader->path, number,
            errno == EBADMSG ? "the packed file (gzip) is damaged"
            : errno == EFBIG
                ? "the packed file (gzip) unpacks to over 300 times its size, or to a line of over 64 MB"
                : strerror(errno));
    }
    if (is_utf_16(reader))
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s:%zu: is UTF-16 (\"Unicode text\" of some spreadsheets); expected UTF-8",
                         reader->path, number);
    if (strlen(reader->line) != (size_t)length)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s:%zu: holds a zero byte; expected a text file",
                         reader->path, number);
    if (length > 0 && reader->line[length - 1] == '\n') /* what \r and \r\n have become too */
        reader->line[length - 1] = '\0';
    *found = true;
    return 0;
}

int text_reader_next(struct text_reader *reader, char **line, struct error *err)
{
    bool found;
    *line = NULL;
    int code = read_line(reader, &found, err); /* err may hold problems of earlier lines */
    if (code != 0 || !found)
        return code;
    *line = reader->line;
    reader->line_number++;
    if (reader->line_number == 1 && strncmp(*line, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
        *line += strlen(BYTE_ORDER_MARK);
    return 0;
}

void text_reader_close(struct text_reader *reader)
{
    if (reader->file != NULL)
        fclose(reader->file); /* only read: nothing to lose */
    free(reader->buffer);
    free(reader->line);
    free(reader->path);
    *reader = (struct text_reader){0};
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t';
}

/* Blanks around a field, which are not its separator. */
static char *skip_padding(char *text, char separator)
{
    while (is_blank(*text) && *text != separator)
        text++;
    return text;
}

/* Where the separator after a field in double quotes stands, or the end of the line; NULL if the quote is
 * never closed. */
static char *after_quotes(char *field, char separator)
{
    char *at = field + 1;
    while (*at != '\0' && (*at != '"' || at[1] == '"'))
        at += *at == '"' ? 2 : 1;
    if (*at == '\0')
        return NULL;
    char *after = separator == ' ' ? at + 1 : skip_padding(at + 1, separator);
    bool ends = *after == '\0' || *after == separator || (separator == ' ' && is_blank(*after));
    return ends ? after : NULL;
}

/* Takes the quotes off a field, in place, up to the closing one. */
static void unquote(char *field)
{
    const char *from = field + 1;
    while (*from != '"' || from[1] == '"') {
        from += *from == '"';
        *field++ = *from++;
    }
    *field = '\0';
}

/* Cuts the line behind a field whose separator stands at `end`. */
static void cut(char **rest, char *end)
{
    *rest = end != NULL && *end != '\0' ? end + 1 : NULL;
    if (end != NULL)
        *end = '\0';
}

char *text_next_field(char **rest, char separator)
{
    if (*rest == NULL)
        return NULL;
    char *field = separator == ' ' ? *rest : skip_padding(*rest, separator);
    if (separator == ' ') { /* loops: fields are too short for strspn to be quick */
        while (is_blank(*field))
            field++;
        if (*field == '\0')
            return *rest = NULL;
    }
    char *end = *field == '"' ? after_quotes(field, separator) : NULL;
    if (end != NULL) {
        cut(rest, end);
        unquote(field);
        return field;
    }
    if (separator == ' ') {
        end = field;
        while (*end != '\0' && !is_blank(*end))
            end++;
    } else {
        end = strchr(field, separator);
    }
    cut(rest, end);
    return field;
}

void text_put_field(FILE *file, const char *field, size_t length)
{
    bool quoted = length == 0 || *field == '"';
    for (size_t k = 0; k < length; k++)
        quoted = quoted || is_blank(field[k]);
    if (quoted)
        fputc('"', file);
    for (size_t k = 0; k < length; k++) {
        if (quoted && field[k] == '"')
            fputc('"', file);
        fputc(field[k], file);
    }
    if (quoted)
        fputc('"', file);
}

char *text_add_note(char *note, const char *part, struct error *err)
{
    if (note == NULL)
        return NULL;
    char *longer = memory_format(err, "%s%s%s", note, *note != '\0' && *part != '\0' ? "; " : "", part);
    free(note);
    return longer;
}

void text_duration(double seconds, char *text)
{
    long whole = (long)ceil(seconds);
    if (whole >= 3600)
        snprintf(text, TEXT_DURATION_BYTES, "%ldh%02ldm", whole / 3600, whole % 3600 / 60);
    else if (whole >= 60)
        snprintf(text, TEXT_DURATION_BYTES, "%ldm%02lds", whole / 60, whole % 60);
    else
        snprintf(text, TEXT_DURATION_BYTES, "%lds", whole);
}
