#include "starter/found_files.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const TABLES[] = {".tsv", ".csv", ".txt", ".pheno", ".phen", ".cov", ".covar", NULL};
static const char *const IMAGES[] = {".nii", NULL};
static const char *const FOREIGN[] = {".pgen", ".bgen", ".vcf", ".bcf", ".ped", NULL};

const char *found_files_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool found_files_named(const char *path, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcasestr(found_files_name(path), *words) != NULL)
            return true;
    return false;
}

/* Whether a name has one of the endings, packed by gzip or not. */
static bool ends_in(const char *path, const char *const *endings)
{
    for (; *endings != NULL; endings++) {
        char packed[16];
        snprintf(packed, sizeof packed, "%s.gz", *endings);
        if (text_ends_with(path, *endings) || text_ends_with(path, packed))
            return true;
    }
    return false;
}

static bool is_there(const char *prefix, const char *ending, struct error *err)
{
    char *path = memory_format(err, "%s%s", prefix, ending);
    bool found = path != NULL && access(path, F_OK) == 0;
    free(path);
    return found;
}

/* The prefix of a .bed beside which the other two files of the fileset are. */
static int add_fileset(struct found_files *found, const char *path, struct error *err)
{
    char *prefix = memory_string(path, err);
    if (prefix == NULL)
        return err->code;
    prefix[strlen(prefix) - strlen(".bed")] = '\0';
    if (is_there(prefix, ".bim", err) && is_there(prefix, ".fam", err))
        text_list_add(&found->filesets, prefix, err);
    free(prefix);
    return err->code;
}

static int add_file(struct found_files *found, const char *path, struct error *err)
{
    if (text_ends_with(path, ".bed"))
        return add_fileset(found, path, err);
    struct text_list *list = ends_in(path, TABLES)    ? &found->tables
                             : ends_in(path, IMAGES)  ? &found->images
                             : ends_in(path, FOREIGN) ? &found->foreign
                                                      : NULL;
    return list != NULL ? text_list_add(list, path, err) : 0;
}

static int add_folder(struct found_files *found, const char *folder, struct error *err)
{
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be opened (%s); expected a folder", folder,
                         strerror(errno));
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    for (struct dirent *entry; err->code == 0 && (entry = readdir(entries)) != NULL;) {
        bool here = strcmp(folder, ".") == 0 || strcmp(folder, "./") == 0;
        if (entry->d_name[0] == '.')
            continue;
        char *path = here ? memory_string(entry->d_name, err)
                          : memory_format(err, "%.*s/%s", (int)length, folder, entry->d_name);
        struct stat status;
        if (path != NULL && stat(path, &status) == 0 && S_ISREG(status.st_mode))
            add_file(found, path, err);
        free(path);
    }
    closedir(entries);
    return err->code;
}

/* A fileset may be named by its prefix, as in a study file, or by any of its files. */
static int add_path(struct found_files *found, const char *path, struct error *err)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        if (!is_there(path, ".bed", err))
            return error_set(err, EXIT_CODE_BAD_INPUT,
                             "%s: is not there; expected a folder, a file or the "
                             "prefix of a fileset",
                             path);
        char *bed = memory_format(err, "%s.bed", path);
        int code = bed != NULL ? add_fileset(found, bed, err) : err->code;
        free(bed);
        return code;
    }
    return S_ISDIR(status.st_mode) ? add_folder(found, path, err) : add_file(found, path, err);
}

static int by_number(const void *one, const void *other)
{
    return strverscmp(*(char *const *)one, *(char *const *)other);
}

/* Sorted, and each once: files and their folder may both have been given. */
static void put_in_order(struct text_list *list)
{
    size_t kept = 0;
    if (list->count > 0)
        qsort(list->items, list->count, sizeof *list->items, by_number);
    for (size_t k = 0; k < list->count; k++) {
        if (kept > 0 && strcmp(list->items[kept - 1], list->items[k]) == 0)
            free(list->items[k]);
        else
            list->items[kept++] = list->items[k];
    }
    list->count = kept;
}

int found_files_look(struct found_files *found, const struct text_list *paths, struct error *err)
{
    *found = (struct found_files){0};
    for (size_t k = 0; k < paths->count && err->code == 0; k++)
        add_path(found, paths->items[k], err);
    if (err->code != 0)
        found_files_free(found);
    put_in_order(&found->filesets);
    put_in_order(&found->tables);
    put_in_order(&found->images);
    put_in_order(&found->foreign);
    return err->code;
}

void found_files_free(struct found_files *found)
{
    text_list_free(&found->filesets);
    text_list_free(&found->tables);
    text_list_free(&found->images);
    text_list_free(&found->foreign);
}
