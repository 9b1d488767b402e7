#include "checkpoint/numbered_file.h"

#include "base/durable.h"
#include "base/memory.h"
#include "base/replace.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char campaign_ending[] = ".h5";

/* Of a path without ".h5". */
static int stem_length(const char *path)
{
    size_t length = strlen(path), tail = strlen(campaign_ending);
    return (int)(length >= tail && strcmp(path + length - tail, campaign_ending) == 0 ? length - tail
                                                                                      : length);
}

char *numbered_file_path(const char *path, const struct numbered_file *kind, int number, struct error *err)
{
    return memory_format(err, "%.*s%s%d%s", stem_length(path), path, kind->word, number, kind->ending);
}

/* What the files beside one are called, and where those that are found go. */
struct search {
    const char *folder, *name;
    const struct numbered_file *kind;
    struct text_list *files, *leftovers;
};

/* The digits in the name of such a file; NULL if it is none. */
static const char *digits_of(const char *name, const char *of, const char *word)
{
    size_t stem = (size_t)stem_length(of);
    bool begins = strncmp(name, of, stem) == 0 && strncmp(name + stem, word, strlen(word)) == 0;
    const char *digits = begins ? name + stem + strlen(word) : NULL;
    bool is_number = digits != NULL && strspn(digits, "0123456789") > 0;
    bool is_plain =
        is_number && (digits[0] != '0' || strspn(digits, "0123456789") == 1); /* as it is written */
    return is_plain ? digits : NULL;
}

int numbered_file_number(const char *file, const char *path, const struct numbered_file *kind)
{
    const char *slash = strrchr(file, '/'), *of = strrchr(path, '/');
    const char *digits = digits_of(slash != NULL ? slash + 1 : file, of != NULL ? of + 1 : path, kind->word);
    long number = digits != NULL ? strtol(digits, NULL, 10) : -1;
    return number >= 0 && number <= INT_MAX ? (int)number : -1;
}

static int add_entry(const char *folder, const char *name, struct text_list *list, struct error *err)
{
    char *path = memory_format(err, "%s/%s", folder, name);
    int code = path != NULL ? text_list_add(list, path, err) : err->code;
    free(path);
    return code;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The ending follows the number of a complete file. */
static int look_at(const struct search *search, const char *name, struct error *err)
{
    const char *digits = digits_of(name, search->name, search->kind->word);
    const char *tail = digits != NULL ? digits + strspn(digits, "0123456789") : NULL;
    const char *ending = search->kind->ending;
    if (tail != NULL && strcmp(tail, ending) == 0)
        return add_entry(search->folder, name, search->files, err);
    if (tail != NULL && search->leftovers != NULL &&
        (replace_is_temporary(tail, ending) || strcmp(tail, ".h5.tmp") == 0))
        return add_entry(search->folder, name, search->leftovers, err);
    return 0;
}

static int list_folder(DIR *open_folder, const struct search *search, struct error *err)
{
    int code = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(open_folder);
        if (entry == NULL || code != 0)
            break;
        code = look_at(search, entry->d_name, err);
    }
    if (code == 0 && errno != 0)
        code = error_set(err, EXIT_CODE_FAILED, "%s: cannot be read: %s", search->folder, strerror(errno));
    return code;
}

int numbered_file_list(const char *path, const struct numbered_file *kind, struct text_list *files,
                       struct text_list *leftovers, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = durable_folder(path, err);
    if (folder == NULL)
        return err->code;
    const struct search search = {folder, slash != NULL ? slash + 1 : path, kind, files, leftovers};
    DIR *open_folder = opendir(folder);
    int code = open_folder != NULL
                   ? list_folder(open_folder, &search, err)
                   : error_set(err, EXIT_CODE_FAILED, "%s: cannot be read: %s", folder, strerror(errno));
    if (open_folder != NULL)
        closedir(open_folder);
    if (files->count > 1)
        qsort(files->items, files->count, sizeof *files->items, compare_texts);
    free(folder);
    return code;
}

int numbered_file_refuse(const char *path, struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: belongs to a campaign that is not here: put that back, or move this away too "
                     "(--fresh starts over, and removes it)",
                     path);
}

int numbered_file_check(const char *path, const struct numbered_file *kind, numbered_file_checker *check,
                        struct error *err)
{
    struct text_list files = {0};
    struct stat status;
    char *folder = durable_folder(path, err);
    int code = err->code;
    if (folder != NULL && stat(folder, &status) == 0 && S_ISDIR(status.st_mode))
        code = numbered_file_list(path, kind, &files, NULL, err);
    for (size_t f = 0; code == 0 && f < files.count; f++)
        code = check(files.items[f], err);
    text_list_free(&files);
    free(folder);
    return code;
}
