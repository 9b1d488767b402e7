#include "input/tables/table.h"

#include "base/memory.h"
#include "input/tables/near_name.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char *trim(char *field)
{
    field += strspn(field, " \t");
    size_t length = strlen(field);
    while (length > 0 && (field[length - 1] == ' ' || field[length - 1] == '\t'))
        field[--length] = '\0';
    return field;
}

size_t table_split(const struct table *table, char *line, char **fields, size_t room)
{
    if (line[strspn(line, " \t")] == '\0')
        return 0;
    size_t count = 0, used = 0, n_columns = table->columns.count;
    char *rest = line, *field;
    while ((field = text_next_field(&rest, table->separator)) != NULL) {
        field = trim(field);
        if (count < room)
            fields[count] = field;
        count++;
        if (*field != '\0')
            used = count;
    }
    if (used == 0 && table->separator != ' ')
        return 0;
    bool ends_as_header = count > n_columns && count <= n_columns + table->n_unnamed && used <= n_columns;
    return ends_as_header ? n_columns : count;
}

/* A tab if there is one, else the comma or semicolon that comes first, else blanks. What stands in quotes
 * does not count. */
static char find_separator(const char *line)
{
    char found = ' ';
    bool quoted = false;
    for (const char *at = line; *at != '\0'; at++) {
        quoted ^= *at == '"';
        if (!quoted && *at == '\t')
            return '\t';
        if (!quoted && found == ' ' && (*at == ',' || *at == ';'))
            found = *at;
    }
    return found;
}

/* Every name once and none empty. */
static int check_columns(const struct table *table, size_t line, struct error *err)
{
    struct problems problems = {0};
    struct text_index index;
    if (text_index_init(&index, table->columns.items, table->columns.count, err) != 0)
        return err->code;
    for (size_t k = 0; k < index.count; k++) {
        if (*index.names[k] == '\0')
            problems_add(&problems, err, "%s:%zu: column %zu has no name; expected a name for every column%s",
                         table->path, line, index.positions[k] + 1,
                         index.positions[k] == 0 ? " (from R: row.names = FALSE)" : "");
        else if (k > 0 && strcmp(index.names[k - 1], index.names[k]) == 0)
            problems_add(&problems, err,
                         "%s:%zu: column %s found at fields %zu and %zu; expected different column names",
                         table->path, line, index.names[k], index.positions[k - 1] + 1,
                         index.positions[k] + 1);
    }
    text_index_free(&index);
    return problems_end(&problems, err);
}

static ptrdiff_t position_of(const struct text_list *list, const char *name)
{
    for (size_t k = 0; k < list->count; k++)
        if (strcmp(list->items[k], name) == 0)
            return (ptrdiff_t)k;
    return TEXT_NOT_FOUND;
}

/* The column that the study file names. */
static int find_named_id(struct table *table, const char *id_column, size_t line, struct error *err)
{
    ptrdiff_t found = position_of(&table->columns, id_column + (*id_column == '#'));
    table->fid_column = TEXT_NOT_FOUND;
    table->subjects.participants = true;
    if (found == TEXT_NOT_FOUND)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s:%zu: no column %s found in the header, which begins with \"%.60s\"; expected the IDs "
            "there (id_column)",
            table->path, line, id_column, table->columns.items[0]);
    table->iid_column = (size_t)found;
    return 0;
}

static int find_ids(struct table *table, const char *id_column, size_t line, struct error *err)
{
    if (id_column != NULL)
        return find_named_id(table, id_column, line, err);
    table->fid_column = position_of(&table->columns, "FID");
    ptrdiff_t iid = position_of(&table->columns, "IID");
    if (iid == TEXT_NOT_FOUND) {
        iid = position_of(&table->columns, "participant_id");
        table->subjects.participants = iid != TEXT_NOT_FOUND;
        table->fid_column = TEXT_NOT_FOUND;
    }
    if (iid == TEXT_NOT_FOUND)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s:%zu: no column of IDs found in the header, which begins with \"%.60s\"; expected FID "
            "and IID, #FID and IID, IID, #IID, participant_id, or the name of another one in id_column",
            table->path, line, table->columns.items[0]);
    table->iid_column = (size_t)iid;
    return 0;
}

/* PLINK 2 writes #FID or #IID in front. */
static const char *column_name(const char *field, size_t position)
{
    return position == 0 && *field == '#' ? field + 1 + strspn(field + 1, " \t") : field;
}

/* "sep=;", by which Excel tells itself. The header says it too. */
static bool names_separator(const char *line)
{
    line += *line == '"';
    return strncasecmp(line, "sep=", 4) == 0 && line[4] != '\0' &&
           (line[5] == '\0' || strcmp(line + 5, "\"") == 0);
}

/* As spreadsheets write columns that were used once. */
static void drop_unnamed(struct table *table)
{
    struct text_list *columns = &table->columns;
    table->n_unnamed = 0;
    while (table->separator != ' ' && columns->count > 1 && *columns->items[columns->count - 1] == '\0') {
        free(columns->items[--columns->count]);
        table->n_unnamed++;
    }
}

/* The separator and the names of the columns. *begins: the line's first character. */
static int read_names(struct table *table, struct text_reader *reader, char *begins, struct error *err)
{
    char *line;
    if (text_reader_next(reader, &line, err) != 0)
        return err->code;
    if (line != NULL && reader->line_number == 1 && names_separator(line) &&
        text_reader_next(reader, &line, err) != 0)
        return err->code;
    if (line == NULL)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: is empty; expected a header line", table->path);
    if (line[strspn(line, " \t")] == '\0')
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s:%zu: is blank; expected a header line", table->path,
                         reader->line_number);
    *begins = *line;
    table->header_line = reader->line_number;
    table->separator = find_separator(line);
    char *rest = line, *field;
    while ((field = text_next_field(&rest, table->separator)) != NULL) {
        if (table->columns.count == TABLE_MOST_COLUMNS)
            return error_set(err, EXIT_CODE_BAD_INPUT, "%s:%zu: more than %d columns found; expected no more",
                             table->path, reader->line_number, TABLE_MOST_COLUMNS);
        if (text_list_add(&table->columns, column_name(trim(field), table->columns.count), err) != 0)
            return err->code;
    }
    drop_unnamed(table);
    return 0;
}

/* A line that begins with # and has no column of IDs is a comment, or a header that is wrong: that, where
 * what stands below it has as many fields and is no header either. */
static int read_header(struct table *table, const char *id_column, struct text_reader *reader,
                       struct error *err)
{
    struct error of_first = {0};
    size_t n_first = 0;
    for (;;) {
        char begins = '\0';
        if (read_names(table, reader, &begins, err) != 0)
            break;
        bool is_prose = begins == '#' && *table->columns.items[0] == '\0'; /* "# FID and IID are" */
        if (find_ids(table, id_column, reader->line_number, err) == 0 && !is_prose)
            return check_columns(table, reader->line_number, err);
        if (begins != '#')
            break;
        if (of_first.code == 0 && !is_prose) {
            of_first = *err;
            n_first = table->columns.count;
        }
        text_list_free(&table->columns);
        *err = (struct error){0};
    }
    if (of_first.code != 0 && err->code == EXIT_CODE_BAD_INPUT &&
        (table->columns.count == n_first || table->columns.count == 0))
        *err = of_first;
    return err->code;
}

static int add_row(struct table *table, const struct text_reader *reader, char *const *fields, size_t count,
                   struct problems *problems, struct error *err)
{
    size_t expected = table->columns.count;
    if (count != expected && table->n_unnamed > 0 && count == expected + table->n_unnamed) {
        problems_add(
            problems, err,
            "%s:%zu: a value found in column %zu or behind, which has no name in the header; expected a name for every column",
            table->path, reader->line_number, expected + 1);
        return 0;
    }
    if (count != expected) {
        bool first = table->subjects.iid.count == 0 && problems->count == 0;
        problems_add(problems, err, "%s:%zu: %zu field%s found; expected %zu (as in the header)%s",
                     table->path, reader->line_number, count, count == 1 ? "" : "s", expected,
                     first && count == expected + 1 ? "; from R: row.names = FALSE" : "");
        return 0;
    }
    const char *fid = table->fid_column == TEXT_NOT_FOUND ? NULL : fields[table->fid_column];
    const char *iid = fields[table->iid_column];
    if (*iid == '\0' || (fid != NULL && *fid == '\0')) {
        problems_add(problems, err, "%s:%zu: an empty ID found; expected the ID of a subject", table->path,
                     reader->line_number);
        return 0;
    }
    return subjects_add(&table->subjects, fid, iid, reader, err);
}

static int read_ids(struct table *table, struct text_reader *reader, struct error *err)
{
    struct problems problems = {0};
    char **fields = memory_zeroed(table->columns.count, sizeof *fields, "the fields of a row", err);
    if (fields == NULL)
        return err->code;
    char *line;
    int code;
    while ((code = text_reader_next(reader, &line, err)) == 0 && line != NULL) {
        size_t count = table_split(table, line, fields, table->columns.count);
        if (count > 0 && (code = add_row(table, reader, fields, count, &problems, err)) != 0)
            break;
    }
    free(fields);
    if (code == 0)
        code = problems_end(&problems, err);
    if (code == 0 && table->subjects.iid.count == 0)
        code = error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: a header and no rows found; expected one row a subject", table->path);
    return code;
}

int table_open(struct table *table, const char *path, const char *id_column, struct error *err)
{
    *table = (struct table){0};
    struct text_reader reader;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    table->path = memory_string(path, err);
    int code = table->path == NULL ? err->code : 0;
    if (code == 0)
        code = read_header(table, id_column, &reader, err);
    if (code == 0)
        code = read_ids(table, &reader, err);
    text_reader_close(&reader);
    if (code == 0)
        code = subjects_check_unique(&table->subjects, path, err);
    if (code != 0)
        table_close(table);
    return code;
}

int table_header(const char *path, struct text_list *columns, struct error *err)
{
    struct table table = {0};
    struct text_reader reader;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    table.path = memory_string(path, err);
    char begins;
    if (table.path != NULL && read_names(&table, &reader, &begins, err) == 0) {
        *columns = table.columns;
        table.columns = (struct text_list){0};
    }
    text_reader_close(&reader);
    table_close(&table);
    return err->code;
}

void table_close(struct table *table)
{
    free(table->path);
    text_list_free(&table->columns);
    subjects_free(&table->subjects);
    *table = (struct table){0};
}

bool table_is_id(const struct table *table, size_t k)
{
    const char *name = table->columns.items[k];
    return k == table->iid_column || strcmp(name, "FID") == 0 || strcmp(name, "IID") == 0 ||
           strcmp(name, "participant_id") == 0;
}

int table_find(const struct table *table, char *const *names, size_t count, size_t *positions,
               struct problems *problems, struct error *err)
{
    struct text_index index = {0};
    bool *asked = memory_zeroed(table->columns.count, sizeof *asked, "columns asked for", err);
    if (asked == NULL || text_index_init(&index, table->columns.items, table->columns.count, err) != 0) {
        free(asked);
        return err->code;
    }
    for (size_t k = 0; k < count; k++) {
        ptrdiff_t found = text_index_find(&index, names[k]);
        if (found == TEXT_NOT_FOUND) {
            const char *near = near_name_find(&table->columns, names[k]);
            problems_add(problems, err,
                         "%s:%zu: no column %s found; expected it in the header (%zu columns%s%s)",
                         table->path, table->header_line, names[k], table->columns.count,
                         near != NULL ? ", one of them " : "", near != NULL ? near : "");
            continue;
        }
        if (asked[found])
            problems_add(problems, err, "%s:%zu: column %s is asked for twice; expected once", table->path,
                         table->header_line, names[k]);
        asked[found] = true;
        positions[k] = (size_t)found;
    }
    text_index_free(&index);
    free(asked);
    return 0;
}
