#include "run/relative_lists.h"

#include "base/folder.h"
#include "base/replace.h"
#include "run/prepare.h"

#include <stdlib.h>
#include <string.h>

static const char pairs_name[] = "relatives.tsv", dropped_name[] = "relatives_dropped.tsv";
static const char pairs_header[] = "FID\tIID\tFID2\tIID2\trelatedness\n", dropped_header[] = "FID\tIID\n";

static struct replace_kind kind_of(const char *header)
{
    return (struct replace_kind){.a_file = "a list of relatives",
                                 .begins = header,
                                 .begins_bytes = strlen(header),
                                 .is_private = true};
}

int relative_lists_check_pairs(const char *path, struct error *err)
{
    const struct replace_kind kind = kind_of(pairs_header);
    return replace_check(path, &kind, err);
}

int relative_lists_check_dropped(const char *path, struct error *err)
{
    const struct replace_kind kind = kind_of(dropped_header);
    return replace_check(path, &kind, err);
}

/* `line` has fields between tabs. In the file they stand so that genotypes.remove takes them. */
static void put_line(FILE *file, const char *line)
{
    for (;;) {
        size_t length = strcspn(line, "\t");
        text_put_field(file, line, length);
        if (line[length] == '\0')
            break;
        fputc('\t', file);
        line += length + 1;
    }
    fputc('\n', file);
}

static int write_list(const char *folder, const char *name, const char *header, const struct text_list *lines,
                      struct error *err)
{
    const struct replace_kind kind = kind_of(header);
    struct replace replace;
    char *path = folder_path(folder, name, err);
    if (path == NULL || replace_open(&replace, path, &kind, err) != 0) {
        free(path);
        return err->code;
    }
    fputs(header, replace.file);
    for (size_t k = 0; k < lines->count; k++)
        put_line(replace.file, lines->items[k]);
    free(path);
    return replace_finish(&replace, err); /* finds what could not be written */
}

int relative_lists_write(const struct analysis *analysis, struct error *err)
{
    const struct study *study = &analysis->study;
    bool drops = study->genotypes.max_relatedness > 0;
    if ((drops || study->model.relatedness > 0) &&
        write_list(study->output, pairs_name, pairs_header, &analysis->relatives.pairs, err) != 0)
        return err->code;
    return drops ? write_list(study->output, dropped_name, dropped_header, &analysis->relatives.dropped, err)
                 : 0;
}

static int remove_list(const char *folder, const char *name, struct error *err)
{
    char *path = folder_path(folder, name, err);
    if (path != NULL)
        prepare_remove(path, err);
    free(path);
    return err->code;
}

int relative_lists_remove(const char *folder, struct error *err)
{
    return remove_list(folder, pairs_name, err) == 0 ? remove_list(folder, dropped_name, err) : err->code;
}
