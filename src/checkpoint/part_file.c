#include "checkpoint/part_file.h"

#include "checkpoint/campaign_schema.h"
#include "checkpoint/numbered_file.h"
#include "checkpoint/schema_read.h"
#include "checkpoint/schema_write.h"

#include <stdio.h>
#include <string.h>

static const struct numbered_file kind = {".part-", ".h5"};

char *part_file_path(const char *campaign_path, int rank, struct error *err)
{
    return numbered_file_path(campaign_path, &kind, rank, err);
}

int part_file_list(const char *campaign_path, struct text_list *parts, struct text_list *leftovers,
                   struct error *err)
{
    return numbered_file_list(campaign_path, &kind, parts, leftovers, err);
}

static int check_kind(const char *path, struct error *err)
{
    return schema_write_check(path, &part_file_schema, err);
}

int part_file_check_names(const char *campaign_path, struct error *err)
{
    return numbered_file_check(campaign_path, &kind, check_kind, err);
}

int part_file_check_none(const char *campaign_path, struct error *err)
{
    return numbered_file_check(campaign_path, &kind, numbered_file_refuse, err);
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

int part_file_open(struct campaign_units **part, const char *path, const struct schema *schema,
                   const struct campaign *study, struct error *err)
{
    struct campaign found = {0};
    *part = NULL;
    int code = schema_read_one(&found, schema, path, CAMPAIGN_FINGERPRINT, err);
    if (code == 0)
        code = check_study(path, &found, study, err);
    campaign_free(&found);
    return code == 0 ? units_open(part, path, schema, false, err) : code;
}
