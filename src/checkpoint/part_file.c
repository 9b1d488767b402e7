#include "checkpoint/part_file.h"

#include "base/durable.h"
#include "base/memory.h"
#include "base/replace.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/schema_read.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char extension[] = ".h5";

/* The campaign's path without ".h5". */
static int stem_length(const char *path)
{
    size_t length = strlen(path), tail = strlen(extension);
    return (int)(length >= tail && strcmp(path + length - tail, extension) == 0 ? length - tail : length);
}

char *part_file_path(const char *campaign_path, int rank, struct error *err)
{
    return memory_format(err, "%.*s.part-%d%s", stem_length(campaign_path), campaign_path, rank, extension);
}

/* What follows the rank in the name of a part of that campaign: ".h5" if it is complete. NULL if it is no
 * part. */
static const char *tail_of(const char *name, const char *campaign_name)
{
    static const char word[] = ".part-";
    size_t stem = (size_t)stem_length(campaign_name);
    if (strncmp(name, campaign_name, stem) != 0 || strncmp(name + stem, word, strlen(word)) != 0)
        return NULL;
    const char *rank = name + stem + strlen(word);
    size_t digits = strspn(rank, "0123456789");
    return digits > 0 ? rank + digits : NULL;
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

static int list_folder(DIR *open_folder, const char *folder, const char *campaign_name,
                       struct text_list *parts, struct text_list *leftovers, struct error *err)
{
    int code = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(open_folder);
        if (entry == NULL || code != 0)
            break;
        const char *tail = tail_of(entry->d_name, campaign_name);
        if (tail != NULL && strcmp(tail, extension) == 0)
            code = add_entry(folder, entry->d_name, parts, err);
        else if (tail != NULL && leftovers != NULL &&
                 (replace_is_temporary(tail, extension) || strcmp(tail, ".h5.tmp") == 0))
            code = add_entry(folder, entry->d_name, leftovers, err);
    }
    if (code == 0 && errno != 0)
        code = error_set(err, EXIT_CODE_FAILED, "%s: cannot be read: %s", folder, strerror(errno));
    return code;
}

int part_file_list(const char *campaign_path, struct text_list *parts, struct text_list *leftovers,
                   struct error *err)
{
    const char *slash = strrchr(campaign_path, '/');
    char *folder = durable_folder(campaign_path, err);
    if (folder == NULL)
        return err->code;
    DIR *open_folder = opendir(folder);
    int code = open_folder != NULL
                   ? list_folder(open_folder, folder, slash != NULL ? slash + 1 : campaign_path, parts,
                                 leftovers, err)
                   : error_set(err, EXIT_CODE_FAILED, "%s: cannot be read: %s", folder, strerror(errno));
    if (open_folder != NULL)
        closedir(open_folder);
    if (parts->count > 1)
        qsort(parts->items, parts->count, sizeof *parts->items, compare_texts);
    free(folder);
    return code;
}

/* The names of the fingerprints in which `found` differs from `study`; "" when it does not. */
static void name_differences(char *text, size_t bytes, const struct campaign *found,
                             const struct campaign *study)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t k = 0; k < study->n_fingerprints; k++) {
        const struct campaign_fingerprint *ours = &study->fingerprints[k], *theirs = NULL;
        for (size_t i = 0; i < found->n_fingerprints; i++)
            if (strcmp(found->fingerprints[i].name, ours->name) == 0)
                theirs = &found->fingerprints[i];
        if (length < bytes && (theirs == NULL || theirs->hash != ours->hash))
            length +=
                (size_t)snprintf(text + length, bytes - length, "%s%s", length > 0 ? ", " : "", ours->name);
    }
}

static int check_study(const char *path, const struct campaign *found, const struct campaign *study,
                       struct error *err)
{
    static const char remedy[] =
        "(--fresh starts over; or remove the file, and its permutations are computed "
        "again)";
    char differences[512];
    name_differences(differences, sizeof differences, found, study);
    if (!campaign_is_same_study(found, study))
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: is a part of a campaign with other %s; expected the study of the campaign beside "
            "it %s",
            path, differences[0] != '\0' ? differences : "fingerprints", remedy);
    if (found->n_shifts != study->n_shifts || found->slice_targets != study->slice_targets)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: is a part with orbits of %zu permutations in slices of %zu targets (0: none); "
                         "expected %zu, %zu "
                         "as in the campaign beside it %s",
                         path, found->n_shifts, found->slice_targets, study->n_shifts, study->slice_targets,
                         remedy);
    if (found->unit_permutations != study->unit_permutations || found->n_targets != study->n_targets)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: is a part with units of %lld permutations x %zu targets; expected %lld x %zu as "
            "in the campaign beside it %s",
            path, (long long)found->unit_permutations, found->n_targets, (long long)study->unit_permutations,
            study->n_targets, remedy);
    return 0;
}

int part_file_open(struct campaign_units **part, const char *path, const struct campaign *study,
                   struct error *err)
{
    struct campaign found = {0};
    *part = NULL;
    int code = schema_read_one(&found, &part_file_schema, path, CAMPAIGN_FINGERPRINT, err);
    if (code == 0)
        code = check_study(path, &found, study, err);
    campaign_free(&found);
    return code == 0 ? units_open(part, path, &part_file_schema, false, err) : code;
}
