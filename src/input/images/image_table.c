#include "input/images/image_table.h"

#include "base/folder.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How many columns are called image or path, and one of them. */
static size_t count_columns(const struct table *table, int (*differ)(const char *, const char *),
                            size_t *column)
{
    size_t n_found = 0;
    for (size_t k = 0; k < table->columns.count; k++)
        if (differ(table->columns.items[k], "image") == 0 || differ(table->columns.items[k], "path") == 0) {
            *column = k;
            n_found++;
        }
    return n_found;
}

/* In capitals too, where none is called just so. */
static int find_column(const struct table *table, size_t *column, struct error *err)
{
    size_t n_found = count_columns(table, strcmp, column);
    if (n_found == 0)
        n_found = count_columns(table, strcasecmp, column);
    if (n_found == 1)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s:1: %s found; expected the ID columns and one column image (or path)", table->path,
                     n_found == 0 ? "no column image" : "both columns image and path");
}

/* Takes over `path`. */
static char *path_from(const char *table, char *path, struct error *err)
{
    const char *slash = strrchr(table, '/');
    if (path[0] == '/' || strncmp(path, "~/", 2) == 0 || slash == NULL) {
        char *expanded = folder_expand_home(path, err);
        free(path);
        return expanded;
    }
    char *whole = memory_format(err, "%.*s/%s", (int)(slash - table), table, path);
    free(path);
    return whole;
}

int image_table_read(const struct table *table, const ptrdiff_t *subject_of_row,
                     const struct missing_codes *missing_codes, char **paths, size_t n_paths,
                     struct error *err)
{
    size_t column = 0;
    if (find_column(table, &column, err) != 0 ||
        table_read_texts(table, subject_of_row,
                         &(struct table_columns){.columns = &column,
                                                 .count = 1,
                                                 .missing_codes = missing_codes,
                                                 .expected = "the path of a NIfTI file"},
                         paths, 1, err) != 0)
        return err->code;
    for (size_t i = 0; err->code == 0 && i < n_paths; i++)
        if (paths[i] != NULL)
            paths[i] = path_from(table->path, paths[i], err);
    return err->code;
}
