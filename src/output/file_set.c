#include "output/file_set.h"

#include "base/memory.h"

#include <stdlib.h>
#include <unistd.h>

static int make_room(struct file_set *set, struct error *err)
{
    static const char WHAT[] = "the names of files";
    struct replace *files = memory_grow(set->files, &set->capacity, set->count + 1, sizeof *files, WHAT, err);
    if (files == NULL)
        return err->code;
    set->files = files;
    char **paths = memory_grow(set->paths, &set->path_capacity, set->count + 1, sizeof *paths, WHAT, err);
    if (paths == NULL)
        return err->code;
    set->paths = paths;
    return 0;
}

FILE *file_set_add(struct file_set *set, const char *name, struct error *err)
{
    char *path = make_room(set, err) == 0 ? memory_format(err, "%s/%s", set->folder, name) : NULL;
    if (path == NULL)
        return NULL;
    struct replace *file = &set->files[set->count];
    if (set->expected != NULL)
        replace_open_new(file, path, set->expected, err);
    else
        replace_open(file, path, &replace_any, err);
    if (err->code != 0) {
        free(path);
        return NULL;
    }
    set->paths[set->count] = path;
    return set->files[set->count++].file;
}

int file_set_check(const struct file_set *set, struct error *err)
{
    for (size_t k = 0; k < set->count; k++)
        if (ferror(set->files[k].file))
            return replace_sync(&set->files[k], err);
    return 0;
}

int file_set_sync(const struct file_set *set, struct error *err)
{
    for (size_t k = 0; k < set->count && err->code == 0; k++)
        replace_sync(&set->files[k], err);
    return err->code;
}

int file_set_finish(struct file_set *set, struct error *err)
{
    size_t n_named = 0;
    while (n_named < set->count && err->code == 0)
        replace_finish(&set->files[n_named++], err);
    if (n_named > 0 && err->code == EXIT_CODE_BAD_INPUT) /* the last name is somebody's, whose file stays */
        n_named--;
    for (size_t k = 0; k < n_named && err->code != 0; k++)
        unlink(set->paths[k]);
    file_set_abandon(set);
    return err->code;
}

void file_set_abandon(struct file_set *set)
{
    for (size_t k = 0; k < set->count; k++) {
        replace_abandon(&set->files[k]);
        free(set->paths[k]);
    }
    free(set->files);
    free(set->paths);
    *set = (struct file_set){.folder = set->folder, .expected = set->expected};
}
