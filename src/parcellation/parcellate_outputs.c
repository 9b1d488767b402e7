#include "parcellation/parcellate_outputs.h"

#include "base/durable.h"
#include "base/folder.h"
#include "base/memory.h"
#include "base/same_file.h"
#include "checkpoint/parcel_tree.h"
#include "output/map.h"
#include "output/parcels.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *parcellate_outputs_name(const struct parcellation *parcellation, size_t cut, const char *ending,
                              struct error *err)
{
    if (parcellation->n_cuts == 1)
        return memory_format(err, "%s/parcels%s", parcellation->output, ending);
    return memory_format(err, "%s/parcels-%" PRId64 "%s", parcellation->output, parcellation->n_parcels[cut],
                         ending);
}

/* Takes over `path`. kinds: the first output whose place is taken; check NULL: it is only added to. */
static void add(struct text_list *outputs, char *path, int (*check)(const char *path, struct error *err),
                struct error *kinds, struct error *err)
{
    if (path != NULL && text_list_add(outputs, path, err) == 0 && check != NULL && kinds->code == 0)
        check(path, kinds);
    free(path);
}

static int list_inputs(const struct parcellation *parcellation, const struct image_stack *stack,
                       struct text_list *inputs, struct error *err)
{
    text_list_add(inputs, parcellation->path, err);
    text_list_add(inputs, stack->source, err);
    text_list_add(inputs, stack->mask, err);
    for (size_t i = 0; err->code == 0 && stack->paths != NULL && i < stack->n_images; i++)
        text_list_add(inputs, stack->paths[i], err);
    return err->code;
}

int parcellate_outputs_check(const struct parcellation *parcellation, const struct image_stack *stack,
                             struct error *err)
{
    struct text_list inputs = {0}, outputs = {0};
    struct error kinds = {0};
    const char *folder = parcellation->output;
    list_inputs(parcellation, stack, &inputs, err);
    add(&outputs, folder_path(folder, PARCELLATE_OUTPUTS_LOCK, err), NULL, &kinds, err);
    add(&outputs, folder_path(folder, "parcellate.log", err), NULL, &kinds, err);
    add(&outputs, folder_path(folder, "tree.h5", err), parcel_tree_check_name, &kinds, err);
    for (size_t cut = 0; err->code == 0 && cut < parcellation->n_cuts; cut++) {
        add(&outputs, parcellate_outputs_name(parcellation, cut, ".nii.gz", err), map_check, &kinds, err);
        add(&outputs, parcellate_outputs_name(parcellation, cut, ".tsv", err), parcels_check_table, &kinds,
            err);
    }
    if (err->code == 0 && same_file_check(&inputs, &outputs, err) == 0 && kinds.code != 0)
        *err = kinds; /* that it is an input says more */
    text_list_free(&inputs);
    text_list_free(&outputs);
    return err->code;
}

typedef int check_kind(const char *path, struct error *err);

/* How a file called parcels.tsv, parcels-12.nii.gz ... is known to be arete's own; NULL: it has another name.
 */
static check_kind *kind_of(const char *name)
{
    static const char start[] = "parcels";
    if (strncmp(name, start, strlen(start)) != 0)
        return NULL;
    name += strlen(start);
    if (*name == '-')
        name += 1 + strspn(name + 1, "0123456789");
    return strcmp(name, ".nii.gz") == 0 ? map_check : strcmp(name, ".tsv") == 0 ? parcels_check_table : NULL;
}

/* Brings to the disk that names are gone from a folder. */
static int sync_folder(const char *folder, struct error *err)
{
    char *inside = folder_path(folder, "tree.h5", err);
    int code = inside != NULL ? durable_sync_folder(inside, err) : err->code;
    free(inside);
    return code;
}

int parcellate_outputs_remove_earlier(const char *folder, struct error *err)
{
    bool removed = false;
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return error_set(err, EXIT_CODE_FAILED, "%s: cannot be listed: %s", folder, strerror(errno));
    for (struct dirent *entry; err->code == 0 && (entry = readdir(entries)) != NULL;) {
        struct error not_own = {0};
        check_kind *check = kind_of(entry->d_name);
        char *path = check != NULL ? folder_path(folder, entry->d_name, err) : NULL;
        bool is_own = path != NULL && check(path, &not_own) == 0;
        if (is_own && unlink(path) != 0)
            error_set(err, EXIT_CODE_FAILED, "%s: cannot be removed: %s", path, strerror(errno));
        removed |= is_own;
        free(path);
    }
    closedir(entries);
    return err->code == 0 && removed ? sync_folder(folder, err) : err->code;
}
