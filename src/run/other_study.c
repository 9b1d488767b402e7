#include "run/other_study.h"

#include "base/memory.h"
#include "config/study_changes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES_LISTED = 3 };

bool other_study_has_file(const struct campaign_file *file)
{
    struct stat status;
    return stat(file->path, &status) == 0 && status.st_size == file->size_bytes &&
           (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec == file->modified_ns;
}

/* Whether the study reads the file too, and found something else in it. */
static bool has_changed(const struct cohort *cohort, const struct campaign_file *file)
{
    for (size_t f = 0; f < cohort->n_files; f++)
        if (strcmp(cohort->files[f].path, file->path) == 0)
            return cohort->files[f].hash != file->hash && !other_study_has_file(file);
    return false;
}

/* `changes` and the files that hold something else now; `changes` is freed. */
static char *add_files(char *changes, const struct cohort *cohort, const struct campaign *campaign,
                       struct error *err)
{
    size_t count = 0;
    for (size_t f = 0; changes != NULL && f < campaign->n_files && count <= FILES_LISTED; f++) {
        if (!has_changed(cohort, &campaign->files[f]))
            continue;
        count++;
        const char *separator = changes[0] != '\0' ? "; " : "";
        char *longer = count > FILES_LISTED ? memory_format(err, "%s; ...", changes)
                                            : memory_format(err, "%s%s%s has changed", changes, separator,
                                                            campaign->files[f].path);
        free(changes);
        changes = longer;
    }
    return changes;
}

static bool cohort_has(const struct cohort *cohort, const char *path)
{
    for (size_t f = 0; f < cohort->n_files; f++)
        if (strcmp(cohort->files[f].path, path) == 0)
            return true;
    return false;
}

static bool campaign_has(const struct campaign *campaign, const char *path)
{
    for (size_t f = 0; f < campaign->n_files; f++)
        if (strcmp(campaign->files[f].path, path) == 0)
            return true;
    return false;
}

/* A file that one of them read and the other one did not, where neither a key nor a file tells more: names
 * beside an atlas. "": there is none. */
static char *find_unshared(const struct cohort *cohort, const struct campaign *campaign, struct error *err)
{
    for (size_t f = 0; f < campaign->n_files; f++)
        if (!cohort_has(cohort, campaign->files[f].path))
            return memory_format(err, "%s was read then, and is not now", campaign->files[f].path);
    for (size_t f = 0; f < cohort->n_files; f++)
        if (!campaign_has(campaign, cohort->files[f].path))
            return memory_format(err, "%s was not read then, and is now", cohort->files[f].path);
    return memory_string("", err);
}

int other_study_refuse(const struct analysis *analysis, const struct campaign *campaign, const char *what,
                       struct error *err)
{
    struct error unheard = {0}; /* without memory for them the refusal goes without the details */
    char *changes = study_changes(campaign->yaml, analysis->study.yaml, &unheard);
    changes = add_files(changes, &analysis->cohort, campaign, &unheard);
    if (changes != NULL && changes[0] == '\0') {
        free(changes);
        changes = find_unshared(&analysis->cohort, campaign, &unheard);
    }
    const char *details = changes != NULL ? changes : "";
    error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: the campaign in %s was made with other %s; expected the same study (--fresh starts over, or "
        "choose another output folder)%s%s",
        analysis->study.path, analysis->study.output, what, details[0] != '\0' ? ": " : "", details);
    free(changes);
    return err->code;
}
